"""Forty hostile names, forty hostile values, and ground on which nothing else may change."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from metadata.description import (
    HUMAN,
    UNKNOWN_LANGUAGE,
    Code,
    Description,
    Provenance,
    Sentiment,
    Spoken,
    Tag,
    TextLine,
)
from metadata.exiftool import ExifTool
from metadata.fields import (
    DESCRIPTION,
    EXTENDED,
    IPTC_CAPTION,
    IPTC_KEYWORDS,
    SUBJECT,
    Properties,
    normal,
    texts,
    words,
    writable,
)
from metadata.iptc import CHARSET, LONGEST_CAPTION, LONGEST_WORD, UTF8, cut
from metadata.spelling import same
from tests.drawn import jpeg
from tests.insides import Case
from tests.sidecars import Desk, foreign

MARKER = "%m"
"""Stands for a file that appears when a name or a value was run as a command."""
NAMES = [
    b"a\n-execute\n-if\nsystem('touch %m')\nb.jpg",
    b"a.jpg\n-XMP-dc:Title=PWNED\n-overwrite_original\nb.jpg",
    *(b"\n.jpg", b"\r.jpg", b"-all=.jpg", b"-execute.jpg", b"#x.jpg", b"#[CSTR]x.jpg", b"@x.jpg"),
    *(b"$self.jpg", b"`touch %m`.jpg", b"$(touch %m).jpg", b"x|.jpg", b"|touch %m|.jpg"),
    *(b" lead.jpg", b"trail .jpg", b"a'b.jpg", b'a"b.jpg', b"a;b.jpg", b"a&b.jpg", b"a>b.jpg"),
    *(b"%d%f.jpg", b"*.jpg", b"[a-z].jpg", b"{a,b}.jpg", b"~.jpg", b"..jpg", b"a\\nb.jpg"),
    *(b"\xff\xfe.jpg", b"caf\xe9.jpg", "ünï\u202egpj.jpg".encode(), "हिन्दी.jpg".encode()),
    *("😀.jpg".encode(), b"a\tb.jpg", b"a\x01b.jpg", b"x" * 240 + b".jpg", b"no suffix", b"-"),
    *(b"a.jpg.jpg", b"-@"),
]
VALUES = [
    "\n-execute\n-if\nsystem('touch %m')\n",
    "x\n-XMP-dc:Title=PWNED\n-overwrite_original",
    *("$self", "@x", "`touch %m`", "$(touch %m)", "${status}", "{ready}", "{ready1}\n", "-all="),
    *("#x", "#[CSTR]\\n", " lead", "trail ", "\ttab\t", "a\n\nb", "\\", "\\\\", "\\n", "\\u0041"),
    *("C:\\users\\u00e9", '"', '\\"', "'", "<b>&amp;</b>", "]]>", "<!--", "<?xpacket end='w'?>"),
    *("2024", "1.10", "TRUE", "false", "null", "-0", "1e5", "0x1F", "007", "base64:QUJD"),
    *(
        "base64:AAAAA",
        "-Subject<=/etc/passwd",
        "\u202eabc",
        "e\u0301",
        "😀 \U0001f468\u200d\U0001f469",
    ),
    *("हिन्दी", "x" * 2000),
]
LONG = "long " * 14_000
"""Seventy kilobytes: more than XMP inside a JPEG may hold."""
_LABEL = "XMP-xmp:Label"
_LANGUAGES = [a + b for a in "abdefghk" for b in "aefor"]
_MADE = Provenance("openai", "made-up@1", "caption@1", "2024-07-03T18:20:12Z", "run-1")


def description(values: list[str], tags: list[str]) -> Description:
    """Say *values* wherever a text can be said; the first is the caption."""
    return Description(
        caption={"en": values[0], **dict(zip(_LANGUAGES, values, strict=False))},
        alt={"en": values[0][:250]},
        summary={"en": values[-1]},
        creative={"pt-BR": values[-1]},
        tags=tuple(Tag(value, "openai", {"zh-Hans": value}) for value in tags),
        sentiment=Sentiment("mixed", 0.5, tuple(values), {"en": values[-1]}),
        text=tuple(TextLine(value) for value in values),
        codes=tuple(Code(value, "QR") for value in values),
        transcript=tuple(Spoken(1.0, 2.0, "en", value) for value in values),
        provenance={"caption": _MADE, "tags": _MADE, "text": _MADE},
    )


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder with files that nobody may touch, and a marker that nobody may make."""

    root: Path

    @property
    def hot(self) -> Path:
        """Name the folder in which the hostile files lie."""
        return self.root / "hot"

    @property
    def marker(self) -> Path:
        """Name the file that a command would make."""
        return self.root / "m"

    def lay(self) -> dict[Path, str]:
        """Make the folders and the canaries, also where hostile names would point to."""
        for folder in (self.hot, self.root / "canaries"):
            folder.mkdir()
            for name in ("b.jpg", "victim.jpg", "x", "self.jpg", "0.xmp", "values.json"):
                (folder / name).write_bytes(b"nobody touches " + name.encode())
        return self.hashes()

    def named(self, name: bytes) -> Path:
        """Give the path of a hostile *name*; a slash cannot be in one."""
        return self.hot / os.fsdecode(name.replace(MARKER.encode(), b"m"))

    def rotated(self, number: int) -> list[str]:
        """Begin the values at another one; those that are commands would make the marker."""
        number %= len(VALUES)
        every = [*VALUES[number:], *VALUES[:number]]
        return [value.replace(MARKER, str(self.marker)) for value in every]

    def hashes(self) -> dict[Path, str]:
        """Hash every file that is there, but what the tools keep for themselves."""
        folders = (self.hot, self.root / "canaries")
        files = (path for folder in folders for path in folder.iterdir())
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    def untouched(self, before: dict[Path, str]) -> None:
        """Check that the canaries are as they were, and that nothing lies beside the files."""
        after = self.hashes()
        assert {path: after.get(path) for path in before} == before
        made = {path.name for path in after.keys() - before.keys()}
        known = {self.named(name).name for name in NAMES}
        assert made <= known | {f"{name}.xmp" for name in known}
        assert not list(self.root.rglob("m"))


class Meeting:
    """Brings hostile values into, or beside, pictures with hostile names, and reads them back."""

    def __init__(self, exiftool: ExifTool, ground: Ground) -> None:
        self._ground = ground
        self._exiftool = exiftool
        self._desk = Desk(exiftool, exiftool.scratch)

    def beside(self, name: bytes, values: list[str]) -> None:
        """Have *values* written into a sidecar in which another program has some as keywords."""
        desk = self._desk
        desk.picture(self._ground.named(name))
        human, new = values[::2], values[1::2]
        desk.sidecar.write_bytes(foreign(*map(escape, human), caption=False))
        said = description(values, new)
        record = desk.write(said)
        found = normal(desk.tags())
        assert found["XMP-odd:Attribute"] == "kept"
        told(found, record.description, human, writable(said))

    def inside(self, name: bytes, values: list[str]) -> None:
        """Have *values* written into a picture in which another program has some as keywords."""
        human, new = values[::2], values[1::2]
        path = self._ground.named(name)
        picture = jpeg(self._exiftool.scratch / "drawn.jpg", (8, 8))
        theirs = {SUBJECT: list(human), IPTC_KEYWORDS: ["Oma"], CHARSET: UTF8, _LABEL: values[0]}
        self._exiftool.embed(picture, theirs, []).rename(path)
        case, said = Case(self._exiftool, path), description(values, new)
        prepared = case.write(said)
        assert [change.target for change in prepared.changes] == [path] and not prepared.notes
        found = normal(case.tags())
        assert found[_LABEL] == values[0]
        told(found, prepared.record.description, [*human, "Oma"], writable(said))
        every = words(found, SUBJECT)
        short = dict.fromkeys(["Oma", *(cut(word, LONGEST_WORD) for word in every)])
        assert words(found, IPTC_KEYWORDS) == list(short)
        assert found[IPTC_CAPTION] == cut(values[0], LONGEST_CAPTION)


def told(found: Properties, read: Description, human: list[str], said: Description) -> None:
    """Check that a human's words and what was *said* came back exactly, from every property."""
    taken = {same(word) for word in human}
    ours = [tag.name for tag in said.tags if same(tag.name) not in taken]
    assert words(found, SUBJECT) == [*human, *ours]
    assert texts(found, DESCRIPTION) == {UNKNOWN_LANGUAGE: said.caption["en"]}
    assert texts(found, EXTENDED) == {UNKNOWN_LANGUAGE: said.caption["en"], **said.caption}
    assert [tag.name for tag in read.tags if tag.source == "openai"] == ours
    assert {tag.name for tag in read.tags if tag.source == HUMAN} == {w.strip() for w in human}
    assert (read.caption, read.alt, read.summary) == (said.caption, said.alt, said.summary)
    assert (read.creative, read.sentiment) == (said.creative, said.sentiment)
    assert (read.text, read.codes, read.transcript) == (said.text, said.codes, said.transcript)
