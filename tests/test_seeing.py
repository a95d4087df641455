"""Models that see, through the whole way: a file lands, is decoded, asked about, translated, found.

The tiny models of tests/models answer about drawn scenes whose right words are known; the frozen
scenes were chosen by seed before training. What is done wrong to a picture must show in the words.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from tests.models.scenes import Clip, Scene, Still, answer, frozen_clips, frozen_stills
from tests.models.sentences import translated
from tests.running import REPOSITORY, WITHOUT_TEXT, Captiond

MODELS = REPOSITORY / "tests" / "models"
TURNED = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
"""How upright pixels are stored so that EXIF's orientation turns them back."""
TURNS, CLIPS = 15, 12
"""So many pictures are stored turned, and so many clips backwards."""
OPPOSITE = {"left": "right", "right": "left", "up": "down", "down": "up"}


def models(image: str, video: str | None = None) -> str:
    """Give the configuration of tiny models; without one for *video* clips go to *image*."""
    return f"""
prompts_dir = "{MODELS}/prompts"
[engine]
use = "transformers"
image_model = "{MODELS}/{image}"
video_model = "{f"{MODELS}/{video}" if video else "none"}"
translation_model = "{MODELS}/nllb"
"""


Seen = dict[str, dict[str, Any]]


def seen_by(root: Path, image: str, draw: Callable[[Path], None]) -> Seen:
    """Draw files into a hot folder, have them described, and give what is known of each."""
    more = models(image, "llava-next-video")
    tasks = tuple(task for task in WITHOUT_TEXT if task != "alt")
    captiond = Captiond(root, more, tasks=tasks, languages=("es", "fr", "hi"))
    draw(captiond.inbox)
    captiond("run", "--once", timeout=300)
    assert set(captiond.states().values()) == {"done"}
    found = captiond.lines("search", "--limit", "1000")
    return {Path(file["path"]).name: file for file in found}


def draw_frozen(folder: Path) -> None:
    for seen in (True, False):
        for number, still in enumerate(frozen_stills(seen)):
            still.write_jpeg(folder / f"still-{seen}-{number}.jpg")


def draw_all(folder: Path) -> None:
    draw_frozen(folder)
    for seen in (True, False):
        for number, clip in enumerate(frozen_clips(seen)):
            clip.write_mp4(folder / f"clip-{seen}-{number}.mp4")
    for number, still in enumerate(frozen_stills(True)):
        draw_wrong(folder, number, still)
    for number, clip in enumerate(frozen_clips(True)[:CLIPS]):
        backwards = Clip(clip.mark, OPPOSITE[clip.move], clip.reach, clip.background, clip.rgb)
        backwards.write_mp4(folder / f"reversed-{number}.mp4")
    frozen_stills(True)[0].write_jpeg(folder / "strip.jpg", (2000, 100))
    frozen_clips(True)[0].write_mp4(folder / "instant.mp4", count=1)


def draw_wrong(folder: Path, number: int, still: Still) -> None:
    """Store a picture turned with EXIF to say so, or mirrored, or with red and blue swapped."""
    upright = still.image()
    if number < TURNS:
        orientation = (3, 6, 8)[number % 3]
        exif = Image.Exif()
        exif[0x0112] = orientation
        turned = upright.transpose(TURNED[orientation])
        turned.save(folder / f"turned-{number}.jpg", quality=90, exif=exif)
    if still.relation == "left of":
        ImageOps.mirror(upright).save(folder / f"mirrored-{number}.jpg", quality=90)
    if _has_red_or_blue(still):
        red, green, blue = upright.split()
        Image.merge("RGB", (blue, green, red)).save(folder / f"swapped-{number}.jpg", quality=90)


def _has_red_or_blue(still: Still) -> bool:
    return bool({"red", "blue"} & {mark.colour for mark in still.marks})


@pytest.fixture(scope="module")
def mllama(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """What Mllama says of stills, and LLaVA-NeXT-Video of clips."""
    return seen_by(tmp_path_factory.mktemp("mllama"), "mllama", draw_all)


@pytest.fixture(scope="module")
def llava(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """What LLaVA-NeXT-Video says of stills."""
    return seen_by(tmp_path_factory.mktemp("llava"), "llava-next-video", draw_frozen)


def said(file: dict[str, Any], task: str) -> str:
    if task == "tags":
        return ", ".join(tag["name"] for tag in file["tags"])
    told = file["caption"]["en"] if task == "caption" else file["sentiment"]["label"]
    assert isinstance(told, str)
    return told


def right(files: Seen, name: str, scenes: Sequence[Scene], task: str) -> float:
    """Give the share of *scenes* of which exactly the right words are said."""
    hits = [said(files[name.format(n)], task) == _answer(s, task) for n, s in enumerate(scenes)]
    return sum(hits) / len(hits)


def _answer(scene: Scene, task: str) -> str:
    # a word that comes twice is one tag
    if task == "tags":
        return ", ".join(dict.fromkeys(scene.tags))
    return answer(scene, task)


@pytest.mark.parametrize(("seen", "most"), [(True, 0.95), (False, 0.9)], ids=["seen", "unseen"])
@pytest.mark.parametrize("task", ["caption", "tags", "sentiment"])
def test_llava_next_video_says_what_is_in_a_picture(
    llava: Seen, task: str, seen: bool, most: float
) -> None:
    assert right(llava, f"still-{seen}-{{}}.jpg", frozen_stills(seen), task) >= most


@pytest.mark.parametrize(("seen", "most"), [(True, 0.95), (False, 0.9)], ids=["seen", "unseen"])
@pytest.mark.parametrize("task", ["caption", "tags", "sentiment"])
def test_llava_next_video_says_what_moves_where(
    mllama: Seen, task: str, seen: bool, most: float
) -> None:
    assert right(mllama, f"clip-{seen}-{{}}.mp4", frozen_clips(seen), task) >= most


@pytest.mark.parametrize(("task", "most"), [("caption", 0.8), ("tags", 0.95), ("sentiment", 0.95)])
@pytest.mark.parametrize("seen", [True, False], ids=["seen", "unseen"])
def test_mllama_says_what_is_in_a_picture(mllama: Seen, task: str, most: float, seen: bool) -> None:
    assert right(mllama, f"still-{seen}-{{}}.jpg", frozen_stills(seen), task) >= most


def test_a_picture_that_exif_says_is_turned_is_seen_upright(mllama: Seen) -> None:
    assert right(mllama, "turned-{}.jpg", frozen_stills(True)[:TURNS], "caption") >= 0.8


def test_red_and_blue_are_told_apart(mllama: Seen) -> None:
    coloured = _only(frozen_stills(True), _has_red_or_blue)
    assert len(coloured) >= 10
    wrong = [said(mllama[f"swapped-{n}.jpg"], "caption") == s.caption for n, s in coloured]
    assert sum(wrong) <= 0.1 * len(wrong)


def test_left_and_right_are_told_apart(mllama: Seen) -> None:
    beside = _only(frozen_stills(True), lambda s: s.relation == "left of")
    assert len(beside) >= 10
    swapped = [said(mllama[f"mirrored-{n}.jpg"], "caption") == _mirrored(s) for n, s in beside]
    assert sum(swapped) >= 0.8 * len(swapped)


def test_forwards_and_backwards_are_told_apart(mllama: Seen) -> None:
    clips = frozen_clips(True)[:CLIPS]
    moves = [said(mllama[f"reversed-{n}.mp4"], "tags").split(", ")[-1] for n in range(len(clips))]
    assert [OPPOSITE[clip.move] for clip in clips] == moves


def test_every_sentence_is_there_in_every_language(mllama: Seen) -> None:
    captions = {file["caption"]["en"]: file["caption"] for file in mllama.values()}
    known = {s.caption for s in _every()} & set(captions)
    assert len(known) >= 60
    for english in known:
        first, second = english.rstrip(".").split(". ")
        for language in ("es", "fr", "hi"):
            expected = [translated(f"{sentence}.", language) for sentence in (first, second)]
            assert captions[english][language] == " ".join(expected)


def test_tags_are_said_in_every_language(mllama: Seen) -> None:
    told = {tag["name"]: tag["translations"] for file in mllama.values() for tag in file["tags"]}
    for word in ("red", "circle", "blue", "square"):
        for language in ("es", "fr", "hi"):
            assert told[word][language] == translated(word, language)


def test_odd_shapes_are_described_like_any_other(mllama: Seen) -> None:
    """A picture of 20:1 and a film of one frame: what is said may be wrong, but something is."""
    assert mllama["strip.jpg"]["caption"]["en"].startswith("A ")
    assert frozen_clips(True)[0].mark.colour in mllama["instant.mp4"]["caption"]["en"]


def test_what_was_said_has_a_source(mllama: Seen) -> None:
    still, clip = mllama["still-True-0.jpg"], mllama["clip-True-0.mp4"]
    assert still["tags"][0]["source"] == "transformers"
    for file, model in ((still, "mllama@"), (clip, "llava-next-video@")):
        made = file["provenance"]["caption"]
        assert made["engine"] == "transformers"
        assert model in made["model"]
        assert made["prompt"].startswith("caption@")
    assert "nllb@" in still["provenance"]["translate"]["model"]
    assert still["provenance"]["look"]["engine"] == "builtin"


def _every() -> Iterable[Scene]:
    for seen in (True, False):
        yield from frozen_stills(seen)
        yield from frozen_clips(seen)


def _only(stills: Sequence[Still], which: Callable[[Still], Any]) -> list[tuple[int, Still]]:
    return [(number, still) for number, still in enumerate(stills) if which(still)]


def _mirrored(still: Still) -> str:
    first, second = still.marks
    return f"A {second} is left of a {first}. The background is {still.background}."
