"""The handlers that captiond runs with, on real files, in real workers, inside the sandbox."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import drawn
import numpy as np
import pytest
from PIL import Image

from daemon.media.sheets import read_sheets
from daemon.wire import (
    Compare,
    Described,
    Failure,
    Identify,
    Observe,
    Place,
    Prepare,
    Read,
    Request,
    Say,
    Setup,
    Strip,
    Views,
)
from daemon.workers import Workers
from metadata.asset import Asset, Stat
from metadata.change import Ours, Placed, Prepared, Rules
from metadata.description import Description, Record, Stamp
from metadata.difference import Difference

STAMP = Stamp("r1", "2024-01-01T00:00:00Z")
TASKS = ("caption", "alt", "tags", "translate")


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    (tmp_path / "scratch").mkdir()
    (tmp_path / "hot").mkdir()
    setup = Setup(tmp_path / "scratch", (tmp_path / "hot",), "exiftool")
    with Workers(1, setup) as workers:
        yield workers


@pytest.fixture
def ask(workers: Workers) -> Callable[[Request], object]:
    def asked(request: Request) -> object:
        workers.submit(request, "it")
        while not (finished := workers.poll(60)):
            pass
        workers.release("it")
        return finished[0].answer

    return asked


@pytest.mark.parametrize(
    "draw, name",
    [(drawn.jpeg, "a.jpg"), (drawn.clip, "a.mp4"), (drawn.raw, "a.dng"), (drawn.heic, "a.heic")],
    ids=["jpeg", "film", "raw", "heic"],
)
def test_real_files_are_described_inside_the_sandbox(
    draw: Callable[[Path], object], name: str, ask: Callable[[Request], object], tmp_path: Path
) -> None:
    path = tmp_path / "hot" / name
    draw(path)
    asset = ask(Identify(path, 10**8))
    assert isinstance(asset, Asset), asset
    seen = ask(Observe(asset, STAMP, 10**8))
    assert isinstance(seen, Described), seen
    described = ask(Say(asset, seen.description, TASKS, ("es",), STAMP))
    assert isinstance(described, Described), described
    assert set(described.description.caption) == {"en", "es"}
    assert described.description.tags
    seconds = {**seen.seconds, **described.seconds}
    assert {"decode", "look", "caption", "tags", "translate"} == set(seconds)
    assert all(0 <= second < 10 for second in seconds.values())


def test_a_description_is_written_read_and_taken_out_again(
    ask: Callable[[Request], object], tmp_path: Path
) -> None:
    path = drawn.jpeg(tmp_path / "hot" / "a.jpg")
    before = path.read_bytes()
    asset = ask(Identify(path, 10**8))
    assert isinstance(asset, Asset), asset
    seen = ask(Observe(asset, STAMP, 10**8))
    assert isinstance(seen, Described), seen
    described = ask(Say(asset, seen.description, TASKS, ("es",), STAMP))
    assert isinstance(described, Described), described
    prepared = ask(Prepare(asset, described.description, Rules(), Ours()))
    assert isinstance(prepared, Prepared), prepared
    (change,) = prepared.changes
    placed = ask(Place(change))
    assert isinstance(placed, Placed), placed
    assert placed.target == tmp_path / "hot" / "a.jpg.xmp"
    assert placed.stat == Stat.of(placed.target.stat())
    record = ask(Read(asset, Rules()))
    assert isinstance(record, Record), record
    assert record.description == prepared.record.description
    assert record.description.caption == described.description.caption
    stripped = ask(Strip(asset, placed.target, change.ours, (), Rules()))
    assert isinstance(stripped, Prepared), stripped
    (removal,) = stripped.changes
    gone = ask(Compare(asset, placed.target, removal.staged))
    assert isinstance(gone, Difference) and all(line[0] == "-" for line in gone.lines)
    assert isinstance(ask(Place(removal)), Placed)
    assert not placed.target.exists()
    assert path.read_bytes() == before


@pytest.mark.parametrize("draw, name", [(drawn.jpeg, "a.jpg"), (drawn.clip, "a.mp4")])
def test_a_server_is_shown_the_same_pictures_as_jpeg_files(
    draw: Callable[[Path], object], name: str, ask: Callable[[Request], object], tmp_path: Path
) -> None:
    draw(tmp_path / "hot" / name)
    asset = ask(Identify(tmp_path / "hot" / name, 10**8))
    assert isinstance(asset, Asset), asset
    plain = ask(Observe(asset, STAMP, 10**8, views=Views(48, 3)))
    encoded = ask(Observe(asset, STAMP, 10**8, views=Views(48, 3, encoded=True)))
    assert isinstance(plain, Described) and isinstance(encoded, Described)
    assert plain.views and encoded.views
    assert (encoded.views.sizes, encoded.views.times_s) == (plain.views.sizes, plain.views.times_s)
    file = encoded.views.path.read_bytes()
    assert encoded.views.ends[-1] == len(file)
    starts = (0, *encoded.views.ends)
    for picture, start, end in zip(
        read_sheets(plain.views), starts, encoded.views.ends, strict=False
    ):
        shown = Image.open(io.BytesIO(file[start:end]), formats=("JPEG",))
        assert np.abs(np.asarray(shown, np.int16) - picture).mean() < 4
    assert len(encoded.views.ends) == (1 if name == "a.jpg" else 3)


def test_a_folder_that_no_worker_may_write_is_named_as_such(
    ask: Callable[[Request], object], workers: Workers, tmp_path: Path
) -> None:
    path = drawn.jpeg(tmp_path / "elsewhere.jpg")
    asset = ask(Identify(path, 10**8))
    assert isinstance(asset, Asset), asset
    prepared = ask(Prepare(asset, Description(caption={"en": "Red."}), Rules(), Ours()))
    assert isinstance(prepared, Prepared), prepared
    placed = ask(Place(prepared.changes[0]))
    if {each.name: each.holds for each in workers.measures}["writes only in its folders"]:
        assert isinstance(placed, Failure)
        assert placed.reason == "NO_PERMISSION"
    else:
        print("this kernel has no Landlock: a worker may write wherever its user may")
        assert isinstance(placed, Placed)


def test_a_file_that_is_no_picture_says_so(
    ask: Callable[[Request], object], tmp_path: Path
) -> None:
    path = tmp_path / "hot" / "text.jpg"
    path.write_text("no picture at all")
    answer = ask(Identify(path, 10**8))
    assert isinstance(answer, Failure)
    assert answer.reason == "NOT_MEDIA"


def test_H6_a_bomb_is_refused_by_its_header(
    ask: Callable[[Request], object], tmp_path: Path
) -> None:
    path = drawn.png_header(tmp_path / "hot" / "bomb.png")
    answer = ask(Identify(path, 10**8))
    assert isinstance(answer, Failure)
    assert answer.reason == "TOO_LARGE"
