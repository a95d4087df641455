"""A sidecar that captiond spells itself is, to the byte, the one that ExifTool would write."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metadata.change import Ours, Rules
from metadata.description import Description, Tag
from metadata.exiftool import ExifTool
from metadata.fields import Properties, writable
from metadata.merge import Base, Behind, wanted
from metadata.packet import packet
from metadata.plain import plain
from tests.sidecars import LARGEST, SMALL, exiftool

__all__ = ["exiftool"]

HOSTILE = "a <b> & 'c' \"d\" \\ $x `id` -e\n#f ]]> é ℵ 😀"


def new(said: Description) -> Properties:
    """Give the properties of a sidecar that is written for *said* where there was none."""
    ours = Ours(removed=("gone",), tags=tuple(tag.name for tag in said.tags))
    merge = wanted({}, Behind(), Base(ours), writable(said), "sha256:00", Rules())
    return {name: value for name, value in merge.properties.items() if value}


def by_exiftool(exiftool: ExifTool, properties: Properties) -> bytes:
    return comparable(exiftool.write(properties, [], b""))


def ours(properties: Properties) -> bytes:
    return comparable(packet(properties))


def comparable(data: bytes) -> bytes:
    """Leave out who wrote it, and ExifTool's small letters in languages such as zh-Hans."""
    named = re.sub(rb"x:xmptk='[^']*'", b"x:xmptk='X'", data)
    return re.sub(rb"xml:lang='[^']*'", lambda match: match[0].lower(), named)


@pytest.mark.parametrize("said", [SMALL, LARGEST, Description()])
def test_it_is_what_exiftool_writes(exiftool: ExifTool, said: Description) -> None:
    properties = new(said)

    assert ours(properties).decode() == by_exiftool(exiftool, properties).decode()


def test_H1_hostile_words_are_only_words(exiftool: ExifTool) -> None:
    properties = new(Description(caption={"en": HOSTILE}, tags=(Tag("a&b<c>'\"", "builtin"),)))

    assert ours(properties).decode() == by_exiftool(exiftool, properties).decode()


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(caption=WORDS, alt=WORDS, names=st.lists(WORDS, max_size=4))
def test_whatever_is_said(exiftool: ExifTool, caption: str, alt: str, names: list[str]) -> None:
    said = Description(
        caption={"en": caption, "hi": alt, "de": caption},
        alt={"en": alt},
        tags=tuple(Tag(name, "builtin", {"es": caption}) for name in names),
    )
    properties = new(said)

    spelled = ours(properties)
    assert spelled.decode() == by_exiftool(exiftool, properties).decode()
    assert plain(packet(properties)) is not None
