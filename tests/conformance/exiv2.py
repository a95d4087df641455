"""exiv2 as a reader: each file by itself, and all three lists of keywords in it."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.conformance.shown import Shown

NEEDS = ("exiv2",)
LISTS = {"Xmp.dc.subject": "\n", "Xmp.lr.hierarchicalSubject": "|", "Xmp.digiKam.TagsList": "/"}
_CAPTION = "Xmp.dc.description"
_DEFAULT = re.compile(r'lang="x-default" (.*?)(?:, lang=|$)', re.DOTALL)


def reads(path: Path) -> Mapping[str, Shown]:
    """Give what each list of keywords in a file says, with the caption."""
    values = told(path)
    caption = _DEFAULT.match(values.get(_CAPTION, ""))
    return {
        name: Shown.of(
            filter(None, values.get(name, "").split(", ")), caption and caption[1], separator
        )
        for name, separator in LISTS.items()
    }


def told(path: Path) -> Mapping[str, str]:
    """Give the XMP properties of a file as exiv2 prints them, lists with commas."""
    asked = subprocess.run(["exiv2", "-q", "-PXkv", path], capture_output=True, text=True)
    lines = (line.split(maxsplit=1) for line in asked.stdout.splitlines())
    return {line[0]: line[1] if len(line) > 1 else "" for line in lines if line}


def edits(path: Path, *commands: str) -> None:
    """Change a file as a person does with another program: ``set``, ``add`` and ``del``."""
    asked = [part for command in commands for part in ("-M", command)]
    subprocess.run(["exiv2", "-q", *asked, path], check=True)
