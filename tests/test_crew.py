"""Media workers and readers side by side, with planted handlers that do what files are named."""

import time
from pathlib import Path

from planted import asset_at

from daemon.wire import Described, Identify, ReadText, Setup, Sheets
from daemon.workers import Crew, Finished
from metadata.description import Description, Stamp

STAMP = Stamp("r", "2024")


def read_text(name: str) -> ReadText:
    return ReadText(asset_at(Path(name)), Description(), Sheets(Path("/nowhere"), ()), STAMP)


def crew_at(folder: Path, readers: int) -> Crew:
    return Crew(1, Setup(folder, (), "exiftool"), readers, handlers="planted", reading="planted")


def answers(crew: Crew, count: int) -> list[Finished]:
    found: list[Finished] = []
    until = time.monotonic() + 30
    while len(found) < count and time.monotonic() < until:
        found += crew.poll(5.0)
    return found


def test_each_request_goes_to_those_who_can_do_it(tmp_path: Path) -> None:
    with crew_at(tmp_path, readers=1) as crew:
        crew.submit(Identify(Path("plain"), 1), 1)
        crew.submit(read_text("plain"), 2)
        found = {item.token: item.answer for item in answers(crew, 2)}
        assert found[1] == asset_at(Path("plain"))
        assert isinstance(found[2], Described)
        assert len(crew.pids) == crew.count == 2


def test_a_picture_is_identified_while_a_text_takes_long(tmp_path: Path) -> None:
    with crew_at(tmp_path, readers=1) as crew:
        crew.submit(read_text("sleep"), "slow")
        crew.submit(Identify(Path("plain"), 1), "quick")
        assert [item.token for item in answers(crew, 1)] == ["quick"]


def test_a_reader_that_crashes_is_noticed_although_no_media_worker_runs(tmp_path: Path) -> None:
    with crew_at(tmp_path, readers=1) as crew:
        crew.submit(read_text("abort"), "it")
        begun = time.monotonic()
        (item,) = answers(crew, 1)
        assert getattr(item.answer, "reason", None) == "CRASHED"
        assert time.monotonic() - begun < 10


def test_all_rest_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    with crew_at(tmp_path, readers=1) as crew:
        crew.submit(Identify(Path("plain"), 1), 1)
        crew.submit(read_text("plain"), 2)
        answers(crew, 2)
        crew.rest()
        until = time.monotonic() + 10
        while crew.pids and time.monotonic() < until:
            crew.poll(1.0)
        assert crew.pids == ()


def test_without_readers_none_is_started(tmp_path: Path) -> None:
    with crew_at(tmp_path, readers=0) as crew:
        crew.submit(Identify(Path("plain"), 1), 1)
        assert len(answers(crew, 1)) == 1
        assert len(crew.pids) == 1
