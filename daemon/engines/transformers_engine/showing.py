"""Pictures and prompts as a processor wants them; knows the chat template, not the model."""

from collections.abc import Sequence
from typing import Any

from PIL import Image

from daemon.engines import EngineMissing
from daemon.engines.hosted import Shown
from daemon.engines.transformers_engine.families import Family
from daemon.engines.transformers_engine.prefix import Tokens
from daemon.engines.transformers_engine.sheet import contact_sheet
from metadata.asset import MediaKind

_PER_SECOND = 1000
"""Frames are numbered in milliseconds, so that a processor that writes their times has them."""


class Showing:
    """Turns pictures and prompts into tensors, by the processor of one model."""

    def __init__(self, processor: Any, family: Family, name: str) -> None:
        """Check that *processor* can show a picture to the model with this *name*.

        Raises EngineMissing where it has no chat template although the family needs one.
        """
        self._processor = processor
        self._family = family
        self._template = getattr(processor, "chat_template", None)
        self._signs = _signs(processor.tokenizer)
        if family.chats and not self._template:
            raise EngineMissing(
                f"{name} has no chat template, so it cannot be asked about a picture; "
                "use an instruction-tuned checkpoint, or add its chat_template.jinja"
            )

    def prompt(self, shown: Shown, text: str) -> str:
        """Put *text* below the pictures of *shown*, as the model was trained to be asked."""
        if not self._family.chats:
            return ""
        kind, count = self._places(shown)
        content = [{"type": kind}] * count + [{"type": "text", "text": self._harmless(text)}]
        # Thinking makes captions no better; a template that does not know the word warns of it.
        known = {"enable_thinking": False} if "enable_thinking" in str(self._template) else {}
        said: str = self._processor.apply_chat_template(
            [{"role": "user", "content": content}],
            add_generation_prompt=True,
            tokenize=False,
            **known,
        )
        return said

    def tensors(self, batch: Sequence[tuple[Shown, str]]) -> dict[str, Any]:
        """Encode the pictures and the prompt of each row, padded on the left.

        All rows are of one kind and have the same number of pictures, or none at all. Raises
        ValueError for pictures that the model cannot be shown.
        """
        texts = [prompt for _, prompt in batch]
        encoded = self._processor(
            text=texts,
            padding=True,
            padding_side="left",
            return_tensors="pt",
            add_special_tokens=self._marked(texts[0]),
            **self._media([shown for shown, _ in batch]),
        )
        return dict(encoded)

    def tokens(self, prompt: str) -> Tokens:
        """Encode a prompt alone, its pictures as the template has them."""
        marked = self._marked(prompt)
        return tuple(self._processor.tokenizer(prompt, add_special_tokens=marked)["input_ids"])

    def _marked(self, prompt: str) -> bool:
        """Tell whether the tokenizer is to begin *prompt*, which some templates do themselves."""
        begin = self._processor.tokenizer.bos_token
        return begin is None or not prompt.startswith(begin)

    def _harmless(self, text: str) -> str:
        """Break up what the tokenizer would take for a sign of its own, such as a picture's place.

        A prompt may quote what is written in a picture.
        """
        for sign in self._signs:
            text = text.replace(sign, f"{sign[0]} {sign[1:]}")
        return text

    def _places(self, shown: Shown) -> tuple[str, int]:
        if not shown.pictures:
            return "image", 0
        if shown.kind is MediaKind.IMAGE or self._family.films == "sheet":
            return "image", 1
        return ("video", 1) if self._family.films == "video" else ("image", len(shown.pictures))

    def _media(self, batch: Sequence[Shown]) -> dict[str, Any]:
        if not batch[0].pictures:
            return {}
        if self._places(batch[0])[0] == "video":
            return {
                "videos": [[_image(picture) for picture in shown.pictures] for shown in batch],
                "video_metadata": [_moments(shown) for shown in batch],
                "do_sample_frames": False,
            }
        return {"images": [self._images(shown) for shown in batch]}

    def _images(self, shown: Shown) -> list[Image.Image]:
        if self._places(shown)[1] < len(shown.pictures):
            return [_image(contact_sheet(shown.pictures))]
        return [_image(picture) for picture in shown.pictures]


def _signs(words: Any) -> tuple[str, ...]:
    """List what a tokenizer takes for a sign of its own wherever it stands."""
    added = words.added_tokens_decoder.values()
    return tuple(str(token.content) for token in added if token.special and len(token.content) > 1)


def _image(picture: Any) -> Image.Image:
    """Wrap *picture*: of an array of three rows a processor cannot tell which axis is colour."""
    return Image.fromarray(picture)


def _moments(shown: Shown) -> dict[str, Any]:
    numbers = [round(second * _PER_SECOND) for second in shown.times_s]
    return {
        "total_num_frames": numbers[-1] + 1,
        "fps": _PER_SECOND,
        "frames_indices": numbers,
        "duration": numbers[-1] / _PER_SECOND,
    }
