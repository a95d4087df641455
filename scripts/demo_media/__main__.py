"""Draw the demonstration's pictures and film into a folder; what is there already stays.

Everything is made here, from a fixed seed, so that nothing is downloaded and nobody's photograph
is shipped. The dates, places and the camera in the metadata are made up as well.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import film
import landscapes
import objects
import poster
from paint import picture
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base


@dataclass(frozen=True, slots=True)
class Taken:
    """What a camera notes: local time, its offset from UTC, and latitude and longitude."""

    at: str
    offset: str | None = None
    place: tuple[float, float] | None = None

    def exif(self) -> Image.Exif:
        """Spell it as EXIF."""
        exif = Image.Exif()
        exif[Base.Make], exif[Base.Model] = "Easel", "Easel One"
        details = exif.get_ifd(IFD.Exif)
        details[Base.DateTimeOriginal] = self.at
        if self.offset:
            details[Base.OffsetTimeOriginal] = self.offset
        if self.place:
            exif.get_ifd(IFD.GPSInfo).update(_gps(*self.place))
        return exif


def _gps(latitude: float, longitude: float) -> dict[int, object]:
    return {
        GPS.GPSLatitudeRef: "N" if latitude >= 0 else "S",
        GPS.GPSLatitude: _degrees(abs(latitude)),
        GPS.GPSLongitudeRef: "E" if longitude >= 0 else "W",
        GPS.GPSLongitude: _degrees(abs(longitude)),
    }


def _degrees(value: float) -> tuple[float, float, float]:
    minutes = value % 1 * 60
    return float(int(value)), float(int(minutes)), round(minutes % 1 * 60, 2)


def _note(path: Path) -> None:
    picture(objects.note(1600, 1200)).save(path, "JPEG", quality=88)


def _sunset(path: Path) -> None:
    taken = Taken("2024:07:03 20:48:11", "+01:00", (38.6977, -9.4806))
    picture(landscapes.sunset(1600, 1067)).save(path, "JPEG", quality=88, exif=taken.exif())


def _fog(path: Path) -> None:
    taken = Taken("2022:11:05 08:12:40")
    grey = picture(landscapes.fog(1600, 1067)).convert("L")
    grey.save(path, "JPEG", quality=88, exif=taken.exif())


def _winter(path: Path) -> None:
    taken = Taken("2023:07:18 13:05:22", "-03:00", (-54.8262, -68.3667))
    picture(landscapes.winter(1600, 1067)).save(path, "JPEG", quality=88, exif=taken.exif())


def _autumn(path: Path) -> None:
    taken = Taken("2023:10:14 16:31:09")
    picture(landscapes.autumn(2400, 760)).save(path, "JPEG", quality=86, exif=taken.exif())


def _balloon(path: Path) -> None:
    objects.balloon(900).save(path, "PNG")


def _poster(path: Path) -> None:
    poster.poster(1200, 1600).save(path, "JPEG", quality=90)


def _page(path: Path) -> None:
    objects.page(1440, 900).save(path, "PNG")


MEDIA: dict[str, Callable[[Path], None]] = {
    "sticky-note.jpg": _note,
    "sunset.jpg": _sunset,
    "mountains-in-fog.jpg": _fog,
    "winter-lake.jpg": _winter,
    "autumn-panorama.jpg": _autumn,
    "balloon.png": _balloon,
    "poster.jpg": _poster,
    "Screenshot 2024-11-20.png": _page,
    "landscapes.mp4": film.write,
}


def main(folder: Path) -> None:
    """Draw what is missing in *folder*, each file under a hidden name until it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in MEDIA.items():
        path = folder / name
        if not path.exists():
            print(f"drawing {name}", file=sys.stderr)
            draft = path.with_name(f".{name}.part")
            draw(draft)
            draft.rename(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
