"""darktable lists a human's words and ours, whatever a human had and wherever it stood."""

import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from metadata import sidecar
from metadata.asset import Asset, MediaKind, Stat
from metadata.change import Ours, Rules
from metadata.description import Description, Tag
from metadata.exiftool import ExifTool

SAID = Description(
    caption={"en": "A red picture.", "es": "Una imagen roja."},
    tags=(Tag("red", "builtin", {"es": "rojo"}), Tag("2024", "builtin")),
)

pytestmark = pytest.mark.skipif(
    shutil.which("darktable-cli") is None,
    reason="darktable-cli is not installed (apt-get install darktable): its reading is not checked",
)


def described(path: Path, *human: str, embedded: bool) -> None:
    """Draw a picture, give it a human's plain words, and have captiond describe it."""
    Image.new("RGB", (16, 16), "red" if embedded else "blue").save(path)
    target = path if embedded else path.with_name(path.name + ".xmp")
    words = [f"-XMP-dc:Subject={word}" for word in human]
    subprocess.run(["exiftool", "-q", "-overwrite_original", *words, target], check=True)
    asset = Asset(
        path=path,
        kind=MediaKind.IMAGE,
        format="jpeg",
        content="sha256:x",
        stat=Stat.of(path.stat()),
        width=16,
        height=16,
    )
    with ExifTool("exiftool", path.parent.parent) as exiftool:
        for change in sidecar.prepare(exiftool, asset, SAID, Rules(), Ours()).changes:
            sidecar.place(change)


def test_darktable_lists_a_humans_words_and_ours(tmp_path: Path) -> None:
    hot, settings = tmp_path / "hot", tmp_path / "settings"
    hot.mkdir()
    described(hot / "beside.jpg", "Oma", "Garten", embedded=False)
    described(hot / "inside.jpg", "Opa", "Haus", embedded=True)
    library = settings / "library.db"
    pictures = [hot, tmp_path / "out", "--out-ext", "jpg", "--width", "16"]
    core = ["--configdir", settings, "--cachedir", tmp_path / "cache", "--library", library]
    command = ["darktable-cli", *pictures, "--core", *core, "--disable-opencl"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert listed(library, settings / "data.db") == {
        "beside.jpg": {"Oma", "Garten", "red", "2024", "= A red picture."},
        "inside.jpg": {"Opa", "Haus", "red", "2024", "= A red picture."},
    }


def listed(library: Path, names: Path) -> dict[str, set[str]]:
    """Ask darktable's own databases for the tags and, after ``=``, the description."""
    found: dict[str, set[str]] = {}
    connection = sqlite3.connect(library)
    connection.execute("ATTACH ? AS names", (str(names),))
    rows = connection.execute(
        """SELECT filename, name FROM images JOIN tagged_images ON imgid = images.id
           JOIN names.tags ON names.tags.id = tagid WHERE name NOT LIKE 'darktable|%'
           UNION ALL SELECT filename, '= ' || value FROM images
           JOIN meta_data ON meta_data.id = images.id WHERE key = 3"""
    )
    for filename, name in rows:
        found.setdefault(filename, set()).add(name)
    connection.close()
    return found
