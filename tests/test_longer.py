"""Lists of structures go on as texts after nine, and are read back whole, old ones too."""

import pytest

from metadata.change import Ours
from metadata.description import Description, Spoken, Tag, TextLine
from metadata.exiftool import ExifTool
from metadata.fields import Properties, normal
from metadata.longer import MOST
from metadata.mirror import mirror, mirrored
from metadata.packet import packet
from metadata.plain import plain
from tests.sidecars import exiftool

__all__ = ["exiftool"]

HOSTILE = ('{"name": "x"}', "[1]", "-execute\n", "$x, y", "Él\nlal", " true ", "<b>&amp;", "😀")
WORDS = tuple(f"word {number}" for number in range(25))
SAID = Description(
    caption={"en": "A picture."},
    tags=tuple(Tag(word, "openai", {"es": f"palabra {word}", "pt-BR": word}) for word in WORDS),
    text=tuple(TextLine(text, "en", float(at)) for at, text in enumerate(HOSTILE * 4)),
    transcript=tuple(Spoken(at, at + 1.0, "en", f"line {at}") for at in range(400)),
)
OURS = Ours(tags=WORDS, caption="A picture.")
FILE = mirrored(SAID, OURS, "sha256:0")


def had_back(properties: Properties) -> None:
    found = mirror(properties)
    assert found is not None
    assert found.said == SAID
    assert found.ours == OURS


def test_no_list_has_more_than_nine_structures() -> None:
    lists = [value for value in FILE.values() if isinstance(value, list)]
    structs = [[each for each in found if isinstance(each, dict)] for found in lists]
    assert max(map(len, structs)) == MOST
    had_back(FILE)


def test_our_own_spelling_and_exiftools_say_the_same(exiftool: ExifTool) -> None:
    spelled = plain(packet(FILE))
    assert spelled is not None
    had_back(spelled)
    written = exiftool.write(FILE, [], b"")
    had_back(normal(exiftool.read([written], ("-XMP:all",))[0]))


def test_lists_of_earlier_versions_are_read_whole(exiftool: ExifTool) -> None:
    tags = [{"name": word, "source": "openai"} for word in WORDS]
    old = {"XMP-captiond:Content": "sha256:0", "XMP-captiond:Tag": tags}
    written = exiftool.write(old, [], b"")  # type: ignore[arg-type]
    found = mirror(normal(exiftool.read([written], ("-XMP:all",))[0]))
    assert found is not None
    assert found.ours.tags == WORDS


@pytest.mark.parametrize("text", ["", "[", "{", "[]", "3", '"x"', "[" * 100_000, "null"])
def test_a_text_that_is_no_structure_is_left_out(text: str) -> None:
    found = mirror({**FILE, "XMP-captiond:MoreTag": [text]})
    assert found is not None
    assert found.ours.tags == WORDS[:MOST]


def test_what_another_program_made_of_a_structure_is_no_error() -> None:
    odd: Properties = {**FILE, "XMP-captiond:MoreTag": ['{"name": {"a": 1}, "source": 3}']}
    assert mirror(odd) is not None
