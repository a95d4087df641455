"""Every tool shows a human's words and ours, and the one caption, however they are written."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.conformance import exiv2, stand_ins
from tests.conformance.conftest import Report, Tables, reported
from tests.conformance.library import CASES, WAYS, everything, flat
from tests.conformance.shown import Listed, Shown

ALL = everything()
FLAT = {case.name: flat(case.name) for case in CASES}
FILMS = {case.name for case in CASES if case.is_film}
STILLS = {case.name for case in CASES if case.suffix in (".jpg", ".tif", ".png", ".psd")}
each_way = pytest.mark.parametrize("way", WAYS)


@each_way
def test_darktable_lists_exactly_the_words_and_the_caption(way: str, in_darktable: Tables) -> None:
    opened = without(ALL, {*FILMS, "layers.psd"})
    if way == "replace":  # of an ``IMG.xmp`` it lists plain words beside the hierarchies too
        for name in ("lightroom.jpg", "digikam.jpg"):
            opened[name] = Shown(ALL[name].words | FLAT[name].words, ALL[name].caption)
    assert in_darktable[way] == opened


@each_way
def test_digikam_lists_exactly_the_words_and_the_caption(way: str, in_digikam: Tables) -> None:
    # it reads nothing that is embedded in films
    unread = {"film.mp4": Shown(), "first.mp4": Shown()} if way == "embed" else {}
    assert in_digikam[way] == {**ALL, **unread}


@each_way
def test_immich_would_show_exactly_the_words_and_the_caption(
    way: str, hot: Path, report: Report
) -> None:
    camera = Shown(ALL["olympus.jpg"].words, "OLYMPUS DIGITAL CAMERA")
    # it takes what stands in EXIF for the caption, unless a sidecar says otherwise
    junk = {"olympus.jpg": camera} if way == "embed" else {}
    assert read(stand_ins.immich, way, hot, report) == {**ALL, **junk}


@each_way
def test_photoprism_would_show_the_words_one_by_one_and_the_caption(
    way: str, hot: Path, report: Report
) -> None:
    assert read(stand_ins.photoprism, way, hot, report) == FLAT


@pytest.mark.parametrize("way", ["embed", "both"])
def test_lightroom_and_bridge_would_show_the_words_and_the_caption_of_what_they_read(
    way: str, hot: Path, report: Report
) -> None:
    films = {"film.mp4", "first.mp4"} if way == "embed" else set()
    listed = read(stand_ins.adobe, way, hot, report)
    for name in {*STILLS, *films, "camera.arw"}:
        assert listed[name] == FLAT[name], name


@each_way
def test_exiv2_finds_the_same_words_in_all_three_lists_of_every_sidecar(
    way: str, hot: Path
) -> None:
    for case in CASES:
        places = (hot / way / f"{case.name}.xmp", (hot / way / case.name).with_suffix(".xmp"))
        for sidecar in filter(Path.exists, places):
            assert exiv2.reads(sidecar) == in_three_lists(case.name), sidecar


@pytest.mark.parametrize("way", ["embed", "both"])
def test_exiv2_finds_the_same_words_in_all_three_lists_of_every_picture(
    way: str, hot: Path
) -> None:
    for name in STILLS:
        assert exiv2.reads(hot / way / name) == in_three_lists(name), name


def read(tool: Callable[[Path], Listed], way: str, hot: Path, report: Report) -> Listed:
    return reported(f"{tool.__name__} (stand-in)", {way: tool(hot / way)}, report)[way]


def without(listed: Listed, names: Iterable[str]) -> dict[str, Shown]:
    return {name: shown for name, shown in listed.items() if name not in names}


def in_three_lists(name: str) -> dict[str, Shown]:
    return {each: FLAT[name] if each == "Xmp.dc.subject" else ALL[name] for each in exiv2.LISTS}
