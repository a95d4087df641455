"""How words, texts and languages are spelled in files: what fits, and what counts as the same."""

import re
import unicodedata

from metadata.description import UNKNOWN_LANGUAGE

LONGEST_TAG = 64
LONGEST_ALT = 250
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_SEPARATORS = re.compile(r"[,|/;\s]+")
# Most keywords are such, and need no normal form.
_PLAIN = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_JUNK = re.compile(
    r"[A-Z .-]*DIGITAL (STILL )?CAMERA|KODAK Digital Still Camera|EPSON DSC [Pp]icture"
    r"|DCF 1\.0|Minolta DSC|MINOLTA DSC|SONY DSC|Exif_JPEG_PICTURE|null"
)


def canonical(language: str) -> str | None:
    """Spell a BCP 47 tag as it should be (``zh-Hans``, ``pt-BR``); None for what is none."""
    if language.lower() == UNKNOWN_LANGUAGE:
        return UNKNOWN_LANGUAGE
    if not _LANGUAGE.fullmatch(language):
        return None
    first, *rest = language.split("-")
    return "-".join([first.lower(), *map(_subtag, rest)])


def clean(text: str) -> str:
    """Take out of *text* what XML cannot hold; line ends become newlines."""
    return _NO_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def keyword(text: str) -> str:
    """Make *text* a keyword that every reader takes whole; empty when it cannot be one."""
    if len(text) <= LONGEST_TAG and _PLAIN.fullmatch(text):
        return text
    plain = _DIRECTION.sub("", clean(unicodedata.normalize("NFC", text)))
    word = _SEPARATORS.sub(" ", plain).strip()
    return word if len(word.encode()) <= LONGEST_TAG else ""


def same(word: str) -> str:
    """Give the form under which two spellings of a keyword are one."""
    if word.isascii():  # the same, in a third of the time
        return " ".join(word.lower().split())
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())


def alternative_text(text: str) -> str:
    """Cut *text* to the 250 characters that IPTC advises, at a word."""
    if len(text) <= LONGEST_ALT:
        return text
    return text[: LONGEST_ALT - 1].rsplit(" ", 1)[0] + "…"


def is_junk(caption: str) -> bool:
    """Tell whether a camera, not a person, put *caption* there."""
    return not caption.strip() or bool(_JUNK.fullmatch(caption.strip()))


def _subtag(part: str) -> str:
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part.lower()
