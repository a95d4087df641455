"""The drawn scenes and the sentences that the tests' models know: fixed by seed, split by hash."""

import json
import random
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

import prompts
from tests.models import scenes, sentences

FOLDER = Path(__file__).parent / "models"
EXAMPLE = (
    'Dr. Silva counts 12 boats. The sign says "open". Anna paid 3.50 euros on 4 July 2024.\n\n'
    '"Come in," says Mr. Brown. Is the café open?\n\nThe train to St. Malo leaves at 9:45.'
)


@pytest.mark.parametrize("seen", [True, False])
def test_the_frozen_sets_are_the_same_each_time_and_keep_their_side_of_the_split(
    seen: bool,
) -> None:
    stills, clips = scenes.frozen_stills(seen), scenes.frozen_clips(seen)
    assert stills == scenes.frozen_stills(seen)
    assert clips == scenes.frozen_clips(seen)
    for still in stills:
        (first, second), relation = still.marks, still.relation
        pair = (first.colour, first.shape, str(relation), second.colour, second.shape)
        assert scenes.held_out(*pair) is not seen
    for clip in clips:
        assert scenes.held_out(clip.mark.colour, clip.mark.shape, clip.move) is not seen


def test_the_frozen_sets_show_every_colour_shape_relation_move_and_background() -> None:
    stills = scenes.frozen_stills(True) + scenes.frozen_stills(False)
    clips = scenes.frozen_clips(True) + scenes.frozen_clips(False)
    words = {word for scene in (*stills, *clips) for word in scene.tags}
    assert words == {*scenes.COLOURS, *scenes.SHAPES, *scenes.MOVES}
    assert {still.relation for still in stills} == set(scenes.RELATIONS)
    assert {scene.background for scene in (*stills, *clips)} == set(scenes.BACKGROUNDS)


def test_a_scene_says_what_it_shows() -> None:
    red = scenes.Mark("red", "circle", (220, 30, 30), 0.25, 0.5, 0.2)
    blue = scenes.Mark("blue", "square", (40, 60, 220), 0.75, 0.5, 0.2)
    still = scenes.Still((red, blue), "left of", "dark", (18, 18, 18))
    assert still.caption == "A red circle is left of a blue square. The background is dark."
    assert scenes.answer(still, "tags") == "red, circle, blue, square"
    assert scenes.answer(still, "sentiment") == "negative"
    pixels = np.asarray(still.image((90, 60)))
    assert tuple(pixels[30, 15 + 45]) == (40, 60, 220)
    assert tuple(pixels[30, 15 + 15]) == (18, 18, 18), "a circle is a ring"
    assert tuple(pixels[30, 15 + 15 - 10]) == (220, 30, 30)


def test_a_clip_moves_where_it_says(tmp_path: Path) -> None:
    clip = next(clip for clip in scenes.frozen_clips(True) if clip.move == "left")
    assert clip.at(0).x > clip.at(1).x
    assert clip.at(0).y == clip.at(1).y
    with av.open(clip.write_mp4(tmp_path / "clip.mp4")) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        assert len(list(container.decode(video=0))) == scenes.CLIP_FRAMES


def test_a_still_is_drawn_the_same_each_time(tmp_path: Path) -> None:
    still = scenes.frozen_stills(False)[0]
    first, second = (still.write_jpeg(tmp_path / name).read_bytes() for name in ("a.jpg", "b.jpg"))
    assert first == second
    with Image.open(tmp_path / "a.jpg") as read:
        assert read.size == (scenes.STILL, scenes.STILL)


@pytest.mark.parametrize("task", scenes.TASKS)
def test_the_prompts_of_the_models_are_prompts(task: str) -> None:
    prompt = prompts.load(task, FOLDER / "prompts")
    assert (prompt.task, prompt.kinds) == (task, ("image", "video"))


@pytest.mark.parametrize("model", ["llava-next-video", "mllama", "nllb"])
def test_the_checkpoints_are_small_shards_of_bfloat16(model: str) -> None:
    shards = list((FOLDER / model).glob("*.safetensors"))
    assert shards
    assert max(shard.stat().st_size for shard in shards) < 2_000_000
    assert json.loads((FOLDER / model / "config.json").read_text())["dtype"] == "bfloat16"


@pytest.mark.parametrize("language", sentences.LANGUAGES)
def test_whatever_the_grammar_makes_can_be_translated(language: str) -> None:
    rng = random.Random(7)
    made = {sentences.sentence(rng) for _ in range(500)} | set(sentences.tags())
    said = [sentences.translated(english, language) for english in made]
    assert len(set(said)) > 0.95 * len(made), "different sentences stay different"
    assert not any("{" in text for text in said)


def test_every_caption_and_tag_of_the_scenes_can_be_translated() -> None:
    for scene in (*scenes.frozen_stills(True), *scenes.frozen_clips(True)):
        assert sentences.text_translated(scene.caption, "es").count(".") == 2
        assert all(sentences.translated(tag, "hi") for tag in (*scene.tags, scene.sentiment))


def test_a_text_is_translated_sentence_by_sentence() -> None:
    assert sentences.text_translated(EXAMPLE, "spa_Latn") == (
        "El Dr. Silva cuenta 12 barcos. El cartel dice «abierto». "
        "Anna pagó 3,50 euros el 4 de julio de 2024.\n\n"
        "«Pase», dice el Sr. Brown. ¿Está abierto el café?\n\n"
        "El tren a Saint-Malo sale a las 9:45."
    )
    assert [len(sentences.split(line)) for line in EXAMPLE.split("\n\n")] == [3, 2, 1]


def test_what_is_not_of_the_grammar_is_refused() -> None:
    with pytest.raises(ValueError, match="not a sentence"):
        sentences.translated("The cat sat.", "es")
    with pytest.raises(ValueError, match="no translations into 'xx'"):
        sentences.translated("red", "xx")
