"""Processors for pictures and clips without torchvision, and the files of a published one."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import transformers  # noqa: TID253

EDGE, PATCH = 48, 8
_SIZE = {"size": {"shortest_edge": EDGE}, "crop_size": {"height": EDGE, "width": EDGE}}
_NOT_OURS = ("do_sample_frames", "num_frames", "fps", "return_metadata", "video_metadata", "device")


class FrameProcessor(transformers.CLIPImageProcessorPil):
    """LLaVA-NeXT-Video's video processor: every frame through CLIP's image processor."""

    model_input_names = ["pixel_values_videos"]  # noqa: RUF012

    def __call__(self, videos: list[Any], return_tensors: str | None = None, **said: Any) -> Any:
        """Prepare *videos*, each a list of frames; all have as many."""
        said = {name: value for name, value in said.items() if name not in _NOT_OURS}
        prepare = super().__call__
        prepared = [np.stack(prepare(list(video), **said)["pixel_values"]) for video in videos]
        values = {"pixel_values_videos": np.stack(prepared)}
        return transformers.BatchFeature(values, tensor_type=return_tensors)


class ClipProcessor(transformers.LlavaNextVideoProcessor):
    """LLaVA-NeXT-Video's processor, which takes any video processor."""

    def check_argument_for_proper_class(self, _name: str, argument: Any) -> type:
        """Accept *argument*; the parent's check needs torchvision."""
        return type(argument)


def video_processor(tokenizer: Any) -> ClipProcessor:
    """Make the processor of the video model, for pictures and clips."""
    return ClipProcessor(
        video_processor=FrameProcessor(**_SIZE),
        image_processor=transformers.LlavaNextImageProcessorPil(
            image_grid_pinpoints=[[EDGE, EDGE]], **_SIZE
        ),
        tokenizer=tokenizer,
        patch_size=PATCH,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        chat_template=tokenizer.chat_template,
    )


def mllama_processor(tokenizer: Any) -> transformers.MllamaProcessor:
    """Make the processor of Mllama, for pictures of one tile."""
    images = transformers.MllamaImageProcessorPil(
        size={"height": EDGE, "width": EDGE}, max_image_tiles=1
    )
    return transformers.MllamaProcessor(images, tokenizer, chat_template=tokenizer.chat_template)


def save_video_processor(processor: ClipProcessor, folder: Path) -> None:
    """Write what checkpoints of LLaVA-NeXT-Video on the hub have: one file for each part."""
    processor.tokenizer.save_pretrained(folder)
    normal = processor.image_processor.to_dict()
    common = {name: normal[name] for name in _PICTURE_SETTINGS}
    name = "LlavaNextVideoProcessor"
    images = {"image_processor_type": "LlavaNextImageProcessor", "do_pad": True}
    grid = {"image_grid_pinpoints": normal["image_grid_pinpoints"]}
    videos = {"video_processor_type": "LlavaNextVideoVideoProcessor", "do_sample_frames": False}
    _write(folder / "preprocessor_config.json", common | images | grid | {"processor_class": name})
    _write(folder / "video_preprocessor_config.json", common | videos | {"processor_class": name})
    parts = ("patch_size", "vision_feature_select_strategy", "num_additional_image_tokens",
             "image_token", "video_token")  # fmt: skip
    _write(
        folder / "processor_config.json",
        {part: getattr(processor, part) for part in parts} | {"processor_class": name},
    )


def load(folder: Path) -> Any:
    """Read the processor in *folder* again, of either model."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    tokenizer.padding_side = "left"
    if (folder / "video_preprocessor_config.json").exists():
        return video_processor(tokenizer)
    processor = transformers.AutoProcessor.from_pretrained(folder, local_files_only=True)
    processor.tokenizer.padding_side = "left"
    return processor


_PICTURE_SETTINGS = (
    "crop_size", "do_center_crop", "do_convert_rgb", "do_normalize", "do_rescale", "do_resize",
    "image_mean", "image_std", "resample", "rescale_factor", "size",
)  # fmt: skip


def _write(path: Path, said: dict[str, Any]) -> None:
    path.write_text(json.dumps(said, indent=2, sort_keys=True) + "\n", encoding="utf-8")
