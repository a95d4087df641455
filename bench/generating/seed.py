"""The way of the article that captiond comes from, written afresh: one thing after the other.

One picture and one prompt are one call of the model, so that each picture is looked at and each
prompt read from its beginning for every question. A text is translated whole, by one call for each
language. Of a video every picture up to the last wanted one is decoded. What the article gets wrong
beside speed is not repeated here: its answers would not be comparable.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
from PIL import Image

from daemon.media.moments import scaled
from daemon.wire import Question

NEAR_S = 0.001
Tokens = tuple[int, ...]


def describe_image(loaded: Any, path: Path, questions: Sequence[Question]) -> list[Tokens]:
    """Put each of *questions* about a picture to the model by itself."""
    return [_asked(loaded, q, "image", images=_opened(path)) for q in questions]


def describe_video(
    loaded: Any, path: Path, times_s: Sequence[float], side: int, questions: Sequence[Question]
) -> list[Tokens]:
    """Put each of *questions* about a video to the model by itself.

    Its pictures at *times_s* are those that we show, so that the answers can be compared.
    """
    frames = [Image.fromarray(frame) for frame in _decoded(path, times_s, side)]
    told = {"videos": [frames], "do_sample_frames": False}
    return [_asked(loaded, question, "video", **told) for question in questions]


def translate(loaded: Any, text: str, codes: Sequence[str]) -> list[Tokens]:
    """Translate a whole text, language by language; *codes* are those of FLORES-200."""
    words = loaded.processor
    said = []
    for code in codes:
        inputs = words(text, return_tensors="pt").to(loaded.device)
        begin = words.convert_tokens_to_ids(code)
        made = _generated(loaded, forced_bos_token_id=begin, max_new_tokens=_room(inputs), **inputs)
        said.append(tuple(made))
    return said


def spoken(words: Any, made: Tokens) -> str:
    """Give the text of a translation."""
    said: str = words.decode(made, skip_special_tokens=True, clean_up_tokenization_spaces=False)
    return " ".join(said.split())


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("RGB")


def _decoded(path: Path, times_s: Sequence[float], side: int) -> list[Any]:
    wanted, found = list(times_s), []
    with av.open(str(path)) as container:
        start = container.streams.video[0].start_time or 0
        for frame in container.decode(video=0):
            at_s = float((frame.pts - start) * frame.time_base)
            while wanted and at_s >= wanted[0] - NEAR_S:
                found.append(scaled(frame, side))
                wanted.pop(0)
            if not wanted:
                break
    return found


def _asked(loaded: Any, question: Question, kind: str, **media: Any) -> Tokens:
    content = [{"type": kind}, {"type": "text", "text": question.whole}]
    prompt = loaded.processor.apply_chat_template(
        [{"role": "user", "content": content}], add_generation_prompt=True, tokenize=False
    )
    inputs = loaded.processor(text=[prompt], return_tensors="pt", **media)
    moved = {
        name: value.to(loaded.device, loaded.dtype if value.is_floating_point() else None)
        for name, value in inputs.items()
    }
    made = _generated(loaded, max_new_tokens=question.max_tokens, **moved)
    return tuple(made[moved["input_ids"].shape[1] :])


def _generated(loaded: Any, **told: Any) -> list[int]:
    import torch

    with torch.inference_mode():
        made: list[int] = loaded.model.generate(do_sample=False, num_beams=1, **told)[0].tolist()
    return made


def _room(inputs: Any) -> int:
    """Let no answer be cut off: both ways are to say all that the model says."""
    return 3 * int(inputs["input_ids"].shape[1]) + 24
