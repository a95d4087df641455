"""What a file's own headers say of the shot: when, where, with which camera and lens."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image

from daemon.media.origin import Traces

_EXIF, _GPS = 0x8769, 0x8825
_MAKE, _MODEL, _ORIENTATION = 0x010F, 0x0110, 0x0112
_TAKEN, _TAKEN_OFFSET, _DIGITIZED, _DIGITIZED_OFFSET = 0x9003, 0x9011, 0x9004, 0x9012
_SOFTWARE, _COMMENT = 0x0131, 0x9286
_ARTIST = 0x013B
_LENS_MAKE, _LENS = 0xA433, 0xA434
_EXPOSURE_TIME, _F_NUMBER, _FOCAL_LENGTH = 0x829A, 0x829D, 0x920A
_FILM_LENS = "com.apple.quicktime.camera.lens_model"
_FILM_AUTHORS = ("com.apple.quicktime.author", "author", "com.apple.quicktime.artist", "artist")
_DATE = re.compile(r"(\d{4})[:\-/.](\d\d)[:\-/.](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")
_PLACE = re.compile(r"([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)")
_COMPANY = re.compile(
    r"[ ,]+(?:corporation|corp\.?|company|co\.?|ltd\.?|inc\.?|imaging|optical|electronics|gmbh)"
    r"(?=[ ,.]|$)",
    re.IGNORECASE,
)
# What names itself like this is no camera, although it stands where cameras do.
_SCANNER = re.compile(
    r"scan|perfection v|mfp\b|laserjet|officejet|pixma|imagerunner|imageformula|bizhub|workforce"
    r"|workcentre|taskalfa|\bfi-\d{4}",
    re.IGNORECASE,
)
_NO_LENS = re.compile(
    r"unknown|undefined|none|null|n/?a|no lens|lens|manual|not available|\(null\)"
    r"|.*(?<![\d.])0+(?:\.0+)?(?:-0+(?:\.0+)?)? ?mm\b.*",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"[\W_]*|unknown.*|undefined|none|null|n/?a|\(null\)|not set|picasa.*|owner(?:'s)? name|artist"
    r"|author|photographer|user|default|your name.*",
    re.IGNORECASE,
)
_LETTERS_OF_A_LENS = 2
_CODE_LENGTH = 8
_CODES = {b"ASCII\0\0\0": "ascii", b"UNICODE\0": "utf-16", b"\0" * _CODE_LENGTH: "ascii"}
_LONGEST_NAME = 80
_DATE_AND_TIME = len("2024-07-03T18:20:11")
_EPOCHS = ("1904-01-01T00:00:00", "1970-01-01T00:00:00")
"""What films say whose clock was never set."""


@dataclass(frozen=True, slots=True)
class Told:
    """The words of the headers, checked; *orientation* is EXIF's 1 to 8.

    *author* is who made the shot; *traces* are what the origin of a picture is told from.
    """

    taken_at: str | None = None
    camera: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    orientation: int = 1
    lens: str | None = None
    author: str | None = None
    traces: Traces = Traces()  # noqa: RUF009 - frozen


def told_by_exif(exif: Image.Exif) -> Told:
    """Read EXIF."""
    return told_by(exif, exif.get_ifd(_EXIF), exif.get_ifd(_GPS))


def told_by(top: Mapping[int, Any], shot: Mapping[int, Any], gps: Mapping[int, Any]) -> Told:
    """Read the three EXIF directories: of the file, of the shot, of the place."""
    taken = exif_date(shot.get(_TAKEN), shot.get(_TAKEN_OFFSET))
    taken = taken or exif_date(shot.get(_DIGITIZED), shot.get(_DIGITIZED_OFFSET))
    latitude, longitude = place(
        _degrees(gps.get(2), gps.get(1), "S"), _degrees(gps.get(4), gps.get(3), "W")
    )
    make, model = _meant(top.get(_MAKE)), _meant(top.get(_MODEL))
    lens = lens_name(_meant(shot.get(_LENS_MAKE)), _meant(shot.get(_LENS)), make)
    author, traces = author_name(top.get(_ARTIST)), _traces(top, shot, lens)
    turn = orientation_in(top)
    return Told(taken, camera_name(make, model), latitude, longitude, turn, lens, author, traces)


def orientation_in(top: Mapping[int, Any]) -> int:
    """Read how the decoded pixels have to be turned, as EXIF's 1 to 8."""
    turn = top.get(_ORIENTATION)
    return turn if isinstance(turn, int) and 1 <= turn <= 8 else 1


def told_by_film(tags: Mapping[str, str]) -> Told:
    """Read the tags of a film container, as FFmpeg names them."""
    taken = film_date(tags.get("com.apple.quicktime.creationdate") or tags.get("creation_time"))
    make = tags.get("com.apple.quicktime.make") or tags.get("com.android.manufacturer")
    make = make or tags.get("make")
    model = tags.get("com.apple.quicktime.model") or tags.get("com.android.model")
    model = model or tags.get("model")
    found = _PLACE.match(tags.get("com.apple.quicktime.location.ISO6709") or _location(tags))
    latitude, longitude = place(*map(float, found.groups())) if found else (None, None)
    lens = lens_name(None, tags.get(_FILM_LENS), make)
    author = author_name(next((tags[name] for name in _FILM_AUTHORS if name in tags), None))
    return Told(taken, camera_name(make, model), latitude, longitude, lens=lens, author=author)


def exif_date(date: object, offset: object = None) -> str | None:
    """Turn EXIF's spelling into ISO 8601; None for 0000:00:00 and days that never were."""
    found = _DATE.match(_words(date))
    if not found:
        return None
    try:
        taken = datetime(*map(int, found.groups()))  # type: ignore[arg-type]
    except ValueError:
        return None
    zone = _words(offset)
    return taken.isoformat() + (zone if _OFFSET.fullmatch(zone) else "")


def film_date(date: str | None) -> str | None:
    """Check an ISO 8601 date of a film; one in UTC keeps ``+00:00``."""
    if not date or len(date) < _DATE_AND_TIME:
        return None  # a year or a day alone is no moment
    try:
        taken = datetime.fromisoformat(date).replace(microsecond=0)
    except ValueError:
        return None
    return None if taken.isoformat().startswith(_EPOCHS) else taken.isoformat()


def camera_name(make: object, model: object) -> str | None:
    """Join maker and model without saying the maker twice; a scanner is no camera."""
    maker, name = _words(make), _words(model)
    if _SCANNER.search(name):
        return None
    short = _COMPANY.sub("", maker) if maker else ""
    if not name:
        return short[:_LONGEST_NAME] or None
    if name.split()[0].lower() in maker.lower().split():
        return name[:_LONGEST_NAME]
    return f"{short} {name}".strip()[:_LONGEST_NAME]


def lens_name(make: object, model: object, camera_make: object = None) -> str | None:
    """Name a lens, with its maker where that is not the camera's; None for what says nothing.

    Cameras without contacts to the lens write ``----``, ``0.0 mm f/0.0`` or ``Unknown``.
    """
    maker, name = _words(make), _words(model)
    if not _names(name):
        return None
    foreign = _names(maker) and maker.lower() != _words(camera_make).lower()
    return camera_name(maker if foreign else None, name)


def author_name(artist: object) -> str | None:
    """Name who made the shot; None for what cameras and programs write that were told nobody."""
    name = _words(_meant(artist))
    return None if _NOBODY.fullmatch(name) else name[:_LONGEST_NAME]


def place(latitude: float | None, longitude: float | None) -> tuple[float | None, float | None]:
    """Check a place; 0,0 is what devices write that did not know."""
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None, None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None, None
    return round(latitude, 6), round(longitude, 6)


def _names(lens: str) -> bool:
    return sum(c.isalpha() for c in lens) >= _LETTERS_OF_A_LENS and not _NO_LENS.fullmatch(lens)


def _traces(top: Mapping[int, Any], shot: Mapping[int, Any], lens: str | None) -> Traces:
    programs = (_words(top.get(tag)) for tag in (_SOFTWARE, _MAKE, _MODEL))
    exposed = lens or any(shot.get(tag) for tag in (_EXPOSURE_TIME, _F_NUMBER, _FOCAL_LENGTH))
    said = tuple(program for program in programs if program)
    return Traces(said, _noted(shot.get(_COMMENT)), bool(exposed))


def _noted(comment: object) -> str:
    """Read EXIF's UserComment, whose first eight bytes name its coding."""
    if not isinstance(comment, bytes):
        return _words(comment)
    coding = _CODES.get(comment[:_CODE_LENGTH], "utf-8")
    text = comment[_CODE_LENGTH:] if comment[:_CODE_LENGTH] in _CODES else comment
    return _words(text.decode(coding, "replace"))


def _location(tags: Mapping[str, str]) -> str:
    return tags.get("location") or tags.get("location-eng") or ""


def _degrees(parts: object, side: object, negative: str) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    try:
        whole, minutes, seconds = map(float, parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    angle = whole + minutes / 60 + seconds / 3600
    if not math.isfinite(angle):
        return None
    return -angle if _words(side).upper() == negative else angle


def _meant(value: object) -> object:
    """Read as UTF-8 what Pillow read as Latin-1: EXIF knows ASCII only, cameras write UTF-8."""
    try:
        return value.encode("latin-1").decode("utf-8") if isinstance(value, str) else value
    except UnicodeError:
        return value


def _words(value: object) -> str:
    """Take a text without control characters, up to its first NUL."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    text = value.split("\0")[0]
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
