"""Pictures, videos and words as tensors, where torchvision is not installed."""

import json
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from daemon.engines import EngineMissing
from daemon.engines.checkpoint import inspect
from daemon.engines.profiles import Installed, Model
from daemon.engines.transformers_engine import processing
from tests.tinies import TINIES, ident, spell

RNG = np.random.default_rng(0)


def picture(width: int, height: int) -> Image.Image:
    return Image.fromarray(RNG.integers(0, 255, (height, width, 3), dtype=np.uint8))


def looked(folder: Path) -> Any:
    return inspect(Installed(Model(name=f"tiny/{folder.name}"), folder, folder.name))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the folder of a tiny model by name, written once."""
    made = tmp_path_factory.mktemp("tinies")

    def folder(name: str) -> Path:
        return made / name if (made / name).exists() else TINIES[name](made / name)

    return folder


@pytest.fixture
def copied(tiny: Callable[[str], Path], tmp_path: Path) -> Callable[[str], Path]:
    return lambda name: Path(shutil.copytree(tiny(name), tmp_path / name))


def chat(processor: Any, kind: str) -> str:
    said = [{"type": kind}, {"type": "text", "text": "describe it"}]
    text: str = processor.apply_chat_template(
        [{"role": "user", "content": said}], add_generation_prompt=True
    )
    return text


def test_there_is_no_torchvision_in_these_tests() -> None:
    assert find_spec("torchvision") is None


@pytest.mark.parametrize("name", sorted(set(TINIES) - {"nllb", "blip2", "llava"}))
@pytest.mark.parametrize("size", [(120, 80), (400, 20), (20, 400), (3, 3), (57, 1)], ids=str)
def test_pictures_of_any_shape_become_tensors(
    tiny: Callable[[str], Path], name: str, size: tuple[int, int]
) -> None:
    processor = processing.for_pictures(looked(tiny(name)))
    given = {"text": [chat(processor, "image")], "images": [[picture(*size)]]}
    made = processor(**given, return_tensors="pt")
    assert made["input_ids"].shape[0] == 1
    assert made["pixel_values"].isfinite().all()


@pytest.mark.parametrize("name", ["qwen3_vl", "qwen3_5"])
def test_models_whose_videos_cannot_be_prepared_still_see_pictures(
    tiny: Callable[[str], Path], name: str
) -> None:
    processor = processing.for_pictures(looked(tiny(name)))
    assert processor.video_processor is None
    one = processor(
        text=[chat(processor, "image")], images=[[picture(64, 64)]], return_tensors="pt"
    )
    place = ident(processor.tokenizer, "<|image_pad|>")
    assert (one["input_ids"] == place).sum() == one["image_grid_thw"].prod() // 4


@pytest.mark.parametrize("count", [1, 2, 8, 32])
def test_videos_of_any_length_are_shown_frame_by_frame(
    tiny: Callable[[str], Path], count: int
) -> None:
    processor = processing.for_pictures(looked(tiny("llava_next_video")))
    frames = [picture(96, 64) for _ in range(count)]
    made = processor(
        text=[chat(processor, "video")] * 2, videos=[frames, frames[::-1]], return_tensors="pt"
    )
    assert tuple(made["pixel_values_videos"].shape) == (2, count, 3, 56, 56)
    assert made["pixel_values_videos"][0].equal(made["pixel_values_videos"][1].flip(0))
    place = ident(processor.tokenizer, "<video>")
    assert (made["input_ids"] == place).sum(1).tolist() == [count * 4] * 2  # 4 x 4 patches, pooled


def test_videos_of_different_lengths_are_not_mixed_up(tiny: Callable[[str], Path]) -> None:
    processor = processing.for_pictures(looked(tiny("llava_next_video")))
    videos = [[picture(64, 64)] * 2, [picture(64, 64)] * 3]
    with pytest.raises(ValueError, match="different numbers of frames"):
        processor(text=[chat(processor, "video")] * 2, videos=videos, return_tensors="pt")


def test_frames_have_the_pixels_that_torchvision_gives(tiny: Callable[[str], Path]) -> None:
    """As transformers does it with torchvision: torch's bicubic, the middle, CLIP's colours."""
    import torch

    processor = processing.for_pictures(looked(tiny("llava_next_video")))
    smooth = np.asarray(picture(12, 8).resize((96, 64), Image.Resampling.BICUBIC))
    ours = processor.video_processor([[smooth]], return_tensors="pt")["pixel_values_videos"][0, 0]

    pixels = torch.from_numpy(smooth.copy()).permute(2, 0, 1)[None]
    resized = torch.nn.functional.interpolate(
        pixels, size=(56, 84), mode="bicubic", antialias=True
    )[0, :, :, 14:70]
    frames = processor.video_processor
    mean, std = (torch.tensor(v)[:, None, None] for v in (frames.image_mean, frames.image_std))
    assert (ours - (resized / 255 - mean) / std).abs().max() < 0.03


def test_videos_are_prepared_by_whichever_file_there_is(
    copied: Callable[[str], Path],
) -> None:
    """In 2024 one file served for pictures and videos; today one holds everything."""
    folder = copied("llava_next_video")
    fields = json.loads((folder / "video_preprocessor_config.json").read_text("utf-8"))
    want = processing.for_pictures(looked(folder)).video_processor.to_dict()
    (folder / "video_preprocessor_config.json").unlink()
    assert processing.for_pictures(looked(folder)).video_processor.to_dict() == want

    whole = json.loads((folder / "processor_config.json").read_text("utf-8"))
    other = {**fields, "image_mean": [0.5, 0.5, 0.5]}
    spell(folder / "processor_config.json", **whole, video_processor=other)
    videos = processing.for_pictures(looked(folder)).video_processor
    assert list(videos.image_mean) == [0.5, 0.5, 0.5]


def test_a_folder_that_says_nothing_of_pictures_is_refused(copied: Callable[[str], Path]) -> None:
    folder = copied("llava_next_video")
    for name in ("video_preprocessor_config.json", "preprocessor_config.json"):
        (folder / name).unlink()
    with pytest.raises((EngineMissing, OSError)):
        processing.for_pictures(looked(folder))


# Words


def test_a_translator_knows_its_languages(tiny: Callable[[str], Path]) -> None:
    words = processing.for_translation(looked(tiny("nllb")))
    assert all(processing.knows(words, code) for code in ("eng_Latn", "fra_Latn", "hin_Deva"))
    assert not processing.knows(words, "xxx_Xxxx")


def test_a_folder_of_pieces_alone_gets_the_codes_that_its_weights_have(
    copied: Callable[[str], Path],
) -> None:
    from transformers import AutoTokenizer

    folder = copied("nllb")
    whole = processing.for_translation(looked(folder))
    (folder / "tokenizer.json").unlink()
    spell(folder / "tokenizer_config.json", tokenizer_class="NllbTokenizer", src_lang="eng_Latn")
    bare = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    assert bare.convert_tokens_to_ids("fra_Latn") == bare.unk_token_id  # without us
    mended = processing.for_translation(looked(folder))
    assert mended.get_vocab() == whole.get_vocab()
    assert mended("a red circle")["input_ids"] == whole("a red circle")["input_ids"]


def test_a_tokenizer_without_codes_is_refused(copied: Callable[[str], Path]) -> None:
    folder = copied("llava")
    with pytest.raises(EngineMissing, match="does not know the code eng_Latn"):
        processing.for_translation(looked(folder))


def test_a_tokenizer_of_a_larger_model_is_refused(copied: Callable[[str], Path]) -> None:
    folder = copied("nllb")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    spell(folder / "config.json", **{**config, "vocab_size": 300})
    with pytest.raises(EngineMissing, match="its weights are for fewer"):
        processing.for_translation(looked(folder))
