"""Photos whose headers tell when, where and with what: true ones, missing ones, impossible ones.

Between the seasons of the weather and those of the sun (three weeks a quarter) nothing is said,
nor near the tropics and near the limits of the golden hour and the night. The golden hour has
the sun at 0 to 5 degrees for everybody; at night it stands 19 degrees or more below the horizon.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from bench.labelled.canvas import image_of
from bench.labelled.dice import dice
from bench.labelled.example import Example, Truth
from bench.labelled.places import Town, towns, wild
from bench.labelled.saved import jpeg
from bench.labelled.sun import sun_height
from bench.labelled.views import sky

KIND = "headers"
SEASONS = ("spring", "summer", "autumn", "winter")
_SAFE = (((3, 22), (5, 30)), ((6, 23), (8, 30)), ((9, 24), (11, 29)), ((12, 23), (2, 27)))
_TEMPERATE, _TROPICAL = 26, 20
_WANTED = ("golden-hour", "night", "day", "any")
_WILD, _UNPLACED, _FALSE = 170, 60, 60
_MAKES = (("NIKON CORPORATION", "NIKON D750"), ("Canon", "Canon EOS R6"), ("SONY", "ILCE-7M3"))
_LENSES = (
    "NIKKOR Z 50mm f/1.8 S", "RF24-105mm F4 L IS USM", "FE 85mm F1.8", "XF35mmF2 R WR",
    "Sigma 35mm F1.4 DG HSM | A", "EF-S18-55mm f/3.5-5.6 IS STM", "LEICA DG SUMMILUX 15/F1.7",
    "M.Zuiko Digital ED 12-40mm F2.8 Pro", "AF-S DX Nikkor 35mm f/1.8G", "FE 16-35mm F2.8 GM",
)  # fmt: skip
_NO_LENSES = ("----", "0.0 mm f/0.0", "Unknown", "", None)
_EXIF, _GPS = 0x8769, 0x8825


@dataclass(frozen=True, slots=True)
class Shot:
    """What the headers say: a moment with or without its offset, a place, a lens."""

    moment: datetime | None
    offset: bool = True
    latitude: float | None = None
    longitude: float | None = None
    lens: str | None = None
    date: str | None = None


def headers() -> Iterator[Example]:
    """Give photos in every town at three moments, in the wild, without a place, with nonsense."""
    for number, town in enumerate(towns() * 3):
        yield _in_town(number, town)
    for number in range(_WILD):
        yield _in_the_wild(number)
    for number in range(_UNPLACED):
        yield _unplaced(number)
    for number in range(_FALSE):
        yield _impossible(number)


def _in_town(number: int, town: Town) -> Example:
    chance = dice(f"{KIND}-town-{number}")
    latitude, longitude = (c + chance.normal(0, 0.004) for c in (town.latitude, town.longitude))
    wanted = _WANTED[number % len(_WANTED)]
    moment = _moment(chance, latitude, longitude, number, wanted)
    offset = number % 8 != 7
    shot = Shot(moment, offset, latitude, longitude, _lens(number))
    truths = {"place": town.names, "country": town.country}
    return _example("town", number, shot, {**truths, **_when(shot)})


def _in_the_wild(number: int) -> Example:
    chance = dice(f"{KIND}-wild-{number}")
    latitude, longitude = wild(chance)
    wanted = _WANTED[number % len(_WANTED)]
    moment = _moment(chance, latitude, longitude, number, wanted)
    shot = Shot(moment, True, latitude, longitude, _lens(number))
    return _example("wild", number, shot, {"place": (), "country": None, **_when(shot)})


def _unplaced(number: int) -> Example:
    chance = dice(f"{KIND}-unplaced-{number}")
    shot = Shot(_moment(chance, 0, 0, number, "any"), lens=_lens(number))
    return _example("unplaced", number, shot, {"place": (), "country": None, **_when(shot)})


def _impossible(number: int) -> Example:
    chance = dice(f"{KIND}-false-{number}")
    date = ("0000:00:00 00:00:00", "2023:02:30 12:00:00", "    :  :     :  :  ")[number % 3]
    latitude, longitude = ((0.0, 0.0), (95.0, 12.0), (40.0, 200.0))[int(chance.integers(3))]
    shot = Shot(None, False, latitude, longitude, date=date)
    return _example("false", number, shot, {"place": (), "country": None, **_when(shot)})


def _example(sort: str, number: int, shot: Shot, truths: dict[str, Truth]) -> Example:
    name = f"{KIND}-{sort}-{number:03}"
    told = {**truths, "lens": shot.lens, "photo": True}
    return Example(name, KIND, partial(_make, name, shot, number), told)


def _when(shot: Shot) -> dict[str, Truth]:
    return {**_seasons(shot), **_daylight(shot)}


def _seasons(shot: Shot) -> dict[str, Truth]:
    none = {f"season:{season}": False for season in SEASONS}
    if shot.moment is None or shot.latitude is None or abs(shot.latitude) < _TROPICAL:
        return dict(none)
    quarter = _quarter(shot.moment)
    if quarter is None or abs(shot.latitude) < _TEMPERATE:
        return {}
    here = quarter if shot.latitude > 0 else (quarter + 2) % 4
    return {**none, f"season:{SEASONS[here]}": True}


def _quarter(moment: datetime) -> int | None:
    """Find the northern season that calendar and sun agree on."""
    day = (moment.month, moment.day)
    for number, (first, last) in enumerate(_SAFE):
        inside = first <= day <= last if first <= last else day >= first or day <= last
        if inside:
            return number
    return None


def _daylight(shot: Shot) -> dict[str, Truth]:
    if shot.moment is None or not shot.offset or shot.latitude is None or shot.longitude is None:
        return {"daylight:golden-hour": False, "daylight:night": False, "daylight:day": False}
    height = sun_height(shot.moment, shot.latitude, shot.longitude)
    sides = {
        "daylight:golden-hour": (0.4 < height < 5.2, height > 9 or height < -7),
        "daylight:night": (height < -19, height > -5),
        "daylight:day": (height > 12, height < -2),
    }
    return {claim: yes for claim, (yes, no) in sides.items() if yes != no}


def _moment(
    chance: np.random.Generator, latitude: float, longitude: float, number: int, wanted: str
) -> datetime:
    """Choose a moment at which the light is as *wanted*, on the local clock."""
    zone = timezone(timedelta(hours=round(longitude / 15)))
    first = datetime(2015, 1, 1, tzinfo=UTC)
    for attempt in range(400):
        moment = (first + timedelta(minutes=int(chance.integers(0, 10 * 365 * 1440)))).astimezone(
            zone
        )
        height = sun_height(moment, latitude, longitude)
        fits = {"golden-hour": 0.6 < height < 5, "night": height < -20, "day": height > 13}
        timely = _quarter(moment) == number // 4 % 4 or number % 20 == 0 or attempt > 300
        if fits.get(wanted, True) and timely:
            return moment
    return first.astimezone(zone)


def _lens(number: int) -> str | None:
    return _LENSES[number // 2 % len(_LENSES)] if number % 2 else None


def _make(name: str, shot: Shot, number: int, folder: Path) -> Path:
    chance = dice(f"{name}-file")
    picture = image_of(sky(chance, (160, 120)))
    return jpeg(picture, folder / f"IMG_{name[8:]}.jpg", 85, exif_of(shot, number))


def exif_of(shot: Shot, number: int) -> Image.Exif:
    """Write down what a camera would."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = _MAKES[number % len(_MAKES)]
    inner = exif.get_ifd(_EXIF)
    date = shot.date or (shot.moment and shot.moment.strftime("%Y:%m:%d %H:%M:%S"))
    if date:
        inner[0x9003] = date
    if shot.moment and shot.offset:
        zone = shot.moment.strftime("%z")
        inner[0x9011] = f"{zone[:3]}:{zone[3:]}"
    lens = shot.lens or _NO_LENSES[number % len(_NO_LENSES)]
    if lens is not None:
        inner[0xA434] = lens
    if shot.latitude is not None and shot.longitude is not None:
        place = exif.get_ifd(_GPS)
        place[1], place[2] = "NS"[shot.latitude < 0], _sexagesimal(shot.latitude)
        place[3], place[4] = "EW"[shot.longitude < 0], _sexagesimal(shot.longitude)
    return exif


def _sexagesimal(angle: float) -> tuple[float, float, float]:
    minutes, seconds = divmod(round(abs(angle) * 3600, 2), 60)
    degrees, minutes = divmod(minutes, 60)
    return degrees, minutes, round(seconds, 2)
