"""Programs copy what they read in a picture into sidecars of their own: whose is it then? Pure."""

from pathlib import Path

from metadata.change import Ours
from metadata.description import Description, Tag
from metadata.fields import KEYWORDS, Properties
from metadata.mirror import mirrored
from metadata.sides import Said, sides

PICTURE, SIDECAR = Path("a.jpg"), Path("a.jpg.xmp")
CAPTION = "An apple lies in a meadow."
OURS = Ours(tags=("apple",), caption=CAPTION)
SAID = Description(caption={"en": CAPTION}, tags=(Tag("apple", "openai"),))


def copied(caption: str, **more: str) -> Properties:
    lists = {name: ["apple"] for name in KEYWORDS}
    return {"XMP-dc:Description-x-default": caption, **lists, **more}  # type: ignore[dict-item]


def caption_by(program: Properties, inside: Properties) -> str | None:
    """Give the caption that counts as a human's where *program* has made a sidecar."""
    said = (Said(SIDECAR, program), Said(PICTURE, inside, inside=True))
    return sides({}, said, Ours()).caption(0)


def test_a_caption_of_ours_that_was_copied_is_no_humans() -> None:
    inside = copied(CAPTION) | mirrored(SAID, OURS, "sha256:0")
    assert caption_by(copied(CAPTION), inside) is None


def test_any_other_caption_is_a_humans() -> None:
    inside = copied(CAPTION) | mirrored(SAID, OURS, "sha256:0")
    assert caption_by(copied("An apple lies in Oma's meadow."), inside) is not None


def test_the_same_caption_is_a_humans_where_it_was_never_ours() -> None:
    inside = copied(CAPTION) | mirrored(SAID, Ours(tags=("apple",)), "sha256:0")
    assert caption_by(copied(CAPTION), inside) == CAPTION


def test_a_word_that_is_the_same_stays_whoever_wrote_it() -> None:
    inside = copied(CAPTION) | mirrored(SAID, OURS, "sha256:0")
    said = (Said(SIDECAR, copied(CAPTION)), Said(PICTURE, inside, inside=True))
    assert sides({}, said, Ours()).standing(0).human == ("apple",)
