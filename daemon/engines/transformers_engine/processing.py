"""What turns pictures and words into tensors, without torchvision where that is not installed.

transformers has no way to prepare videos without torchvision, and then refuses the whole processor
of a model that takes them. Here the frames of LLaVA-NeXT-Video go through the image processor of
its vision tower instead; other models are left without a part for videos, and are shown pictures.
"""

from importlib.util import find_spec
from typing import Any

from daemon.engines import EngineMissing
from daemon.engines.checkpoint import Checkpoint, broken, read_json

VIDEO_FILES = ("video_preprocessor_config.json", "preprocessor_config.json")
VIDEO_PART = "video_processor"
BY_FRAMES = ("LlavaNextVideoProcessor",)
"""Processors whose videos are frames prepared one by one, as CLIP's pictures are."""
FRAME_FIELDS = (
    "size", "crop_size", "resample", "do_resize", "do_center_crop", "do_rescale", "do_normalize",
    "do_convert_rgb", "rescale_factor", "image_mean", "image_std",
)  # fmt: skip
ENGLISH = "eng_Latn"
WHISPER = "whisper"


def for_pictures(checkpoint: Checkpoint) -> Any:
    """Make the processor of a model that sees; its ``video_processor`` is None where it has none.

    Raises what transformers does, or EngineMissing, when the folder has no usable one.
    """
    from transformers import AutoProcessor

    kind = _processor_kind(checkpoint)
    if kind is None or VIDEO_PART not in kind.get_attributes() or find_spec("torchvision"):
        processor = AutoProcessor.from_pretrained(
            checkpoint.installed.folder, local_files_only=True, trust_remote_code=False
        )
    else:
        processor = _without_torchvision(checkpoint, kind)
    if not hasattr(processor, "image_processor"):
        raise broken(checkpoint.installed, "nothing there says how to prepare pictures")
    return processor


def for_translation(checkpoint: Checkpoint) -> Any:
    """Make the tokenizer of a translation model, which knows the codes of languages.

    A folder of NLLB's with nothing but the pieces of words gets the codes in their order, which
    transformers leaves out: each would be an unknown word, and the text come out in any language.
    """
    from transformers import AutoTokenizer

    folder = checkpoint.installed.folder
    told = {"local_files_only": True, "trust_remote_code": False}
    words = AutoTokenizer.from_pretrained(folder, **told)
    if type(words).__name__.startswith("NllbTokenizer") and not knows(words, ENGLISH):
        from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

        words = AutoTokenizer.from_pretrained(
            folder, extra_special_tokens=list(FAIRSEQ_LANGUAGE_CODES), **told
        )
    if not knows(words, ENGLISH):
        what = f"its tokenizer does not know the code {ENGLISH}, so no language can be asked for"
        raise broken(checkpoint.installed, what)
    highest = max(words.get_vocab().values())
    if highest >= checkpoint.config.get("vocab_size", 0):
        what = f"its tokenizer has {highest + 1} tokens, but its weights are for fewer"
        raise broken(checkpoint.installed, what)
    return words


def for_speech(checkpoint: Checkpoint) -> Any:
    """Make the processor of a Whisper; raises EngineMissing for a model of another kind."""
    from transformers import WhisperProcessor

    if checkpoint.config.get("model_type") != WHISPER:
        what = f"it is a {checkpoint.architecture}, and only Whispers are used to hear speech"
        raise EngineMissing(f"{checkpoint.installed.label}: {what}; choose another model")
    return WhisperProcessor.from_pretrained(checkpoint.installed.folder, local_files_only=True)


def knows(words: Any, token: str) -> bool:
    """Tell whether *token* is one to a tokenizer, and not an unknown word."""
    return words.convert_tokens_to_ids(token) not in (None, words.unk_token_id)


def _processor_kind(checkpoint: Checkpoint) -> Any:
    """Find the class of the processor; None where the configuration's type has none."""
    from transformers import AutoConfig
    from transformers.models.auto.processing_auto import PROCESSOR_MAPPING

    config = AutoConfig.from_pretrained(
        checkpoint.installed.folder, local_files_only=True, trust_remote_code=False
    )
    return PROCESSOR_MAPPING.get(type(config), None)


def _without_torchvision(checkpoint: Checkpoint, kind: Any) -> Any:
    from transformers import AutoImageProcessor, AutoTokenizer

    folder = checkpoint.installed.folder
    told = {"local_files_only": True, "trust_remote_code": False}
    parts: dict[str, Any] = {
        "image_processor": lambda: AutoImageProcessor.from_pretrained(folder, **told),
        "tokenizer": lambda: AutoTokenizer.from_pretrained(folder, **told),
        VIDEO_PART: lambda: _frames(checkpoint) if kind.__name__ in BY_FRAMES else None,
    }
    unknown = [name for name in kind.get_attributes() if name not in parts]
    if unknown:
        what = f"{kind.__name__} needs {unknown[0]}, which captiond cannot make without torchvision"
        raise broken(checkpoint.installed, what)
    fields, _ = kind.get_processor_dict(folder, local_files_only=True)
    made = [parts[name]() for name in kind.get_attributes()]
    return _lenient(kind).from_args_and_dict(made, fields)


def _lenient(kind: Any) -> Any:
    """Derive a processor class that lets its part for videos be none, or one of ours."""

    def check(self: Any, name: str, part: Any) -> Any:
        if name == VIDEO_PART:
            return type(part)
        return super(lenient, self).check_argument_for_proper_class(name, part)

    lenient: Any = type(kind.__name__, (kind,), {"check_argument_for_proper_class": check})
    return lenient


def _frames(checkpoint: Checkpoint) -> Any:
    """Make the part for videos from CLIP's image processor, with the fields of the folder."""
    fields = _video_fields(checkpoint)
    return _by_frames()(**{name: fields[name] for name in FRAME_FIELDS if name in fields})


def _video_fields(checkpoint: Checkpoint) -> dict[str, Any]:
    installed = checkpoint.installed
    if (installed.folder / "processor_config.json").exists():
        nested = read_json(installed, "processor_config.json").get(VIDEO_PART)
        if isinstance(nested, dict):
            return nested
    for name in VIDEO_FILES:
        if (installed.folder / name).exists():
            return read_json(installed, name)
    raise broken(installed, f"nothing there says how to prepare videos ({VIDEO_FILES[0]})")


def _by_frames() -> Any:
    """Give the class; it is made here because its parent cannot be imported at the top."""
    import numpy as np
    from transformers import BatchFeature, CLIPImageProcessorPil

    class Frames(CLIPImageProcessorPil):  # type: ignore[misc]
        """Prepare each frame as a picture: videos x frames x 3 x height x width."""

        model_input_names = ("pixel_values_videos",)

        def __call__(self, videos: Any, return_tensors: Any = None, **_: Any) -> Any:
            prepared = [
                np.stack(super(Frames, self).__call__(list(video))["pixel_values"])
                for video in videos
            ]
            if len({video.shape for video in prepared}) > 1:
                raise ValueError("videos of different numbers of frames cannot be shown together")
            pixels = {"pixel_values_videos": np.stack(prepared)}
            return BatchFeature(pixels, tensor_type=return_tensors)

    return Frames
