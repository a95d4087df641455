"""A folder whose files are described and undone in this process: the journeys, and one worker."""

import hashlib
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daemon.config import Config, Folder
from daemon.engines.choice import Choice, description_key
from daemon.framing import unpack
from daemon.jobs import Job, Wish
from daemon.journey import Journey, Journeys
from daemon.stores import Stores
from daemon.undo import Undo, Undoing
from daemon.wire import ANSWERS, Identify, Request, Setup
from daemon.worker.__main__ import Desk
from daemon.worker.bench import Bench
from daemon.worker.handlers import TABLE
from metadata.asset import AssetError
from metadata.description import Description, Fact, Look, Provenance, Sentiment, Stamp, Tag
from metadata.fields import TOOLKIT, Properties, normal
from metadata.look import read_inside
from metadata.reasons import Reason, State
from metadata.stats import Stats
from tests import drawn
from tests.sidecars import foreign

CHOICE = Choice("builtin", "builtin@0", ("es",), (), "asked for")
HUMAN = foreign("Oma", "dog")
RUNS = ("run-1", "run-2", "run-3")
Meanwhile = Callable[[Request], None]


def made(run: str = "run-1", model: str = "builtin@0") -> Provenance:
    return Provenance(model.partition("@")[0], model, None, "2026-01-01T00:00:00Z", run)


def said(*tags: str, run: str = "run-1", model: str = "builtin@0", **more: Any) -> Description:
    """Describe a picture with a value in most fields, all by one run and model."""
    by = made(run, model)
    fields = ("caption", "alt", "tags", "sentiment", "look", "translate")
    return replace(
        Description(
            caption={"en": f"A picture of {run}.", "es": f"Una imagen de {run}."},
            alt={"en": f"Alt of {run}."},
            tags=tuple(Tag(tag, "builtin", {"es": f"{tag}o"}) for tag in tags or ("dog", "beach")),
            sentiment=Sentiment("positive", 0.5, ("calm",)),
            look=Look(facts=(Fact("season", "summer", "rule"),)),
            provenance=dict.fromkeys(fields, by),
        ),
        **more,
    )


class Room:
    """A hot folder `in`, the stores, and a worker that answers here.

    *meanwhile* is called with every request of an undo before it is answered.
    """

    def __init__(self, root: Path, stores: Stores, bench: Bench, **folder: Any) -> None:
        self.root, self.stores = root, stores
        self.folder = root / "in"
        self.folder.mkdir(exist_ok=True)
        self.meanwhile: Meanwhile = lambda request: None
        self._desk, self._exiftool = Desk(TABLE, bench), bench.exiftool
        scratch = bench.setup.scratch
        self.config = Config(
            state_dir=scratch.parent, folders=(Folder(path=self.folder, **folder),)
        )
        with stores.turn():
            for run in RUNS:
                stores.journal.started(run, "2026-01-01", "builtin", "builtin@0")

    def describe(self, path: Path, description: Description, run: str = "run-1") -> None:
        """Write *description*, as if it had been found out before, in *run*."""

        def known(request: Request, answer: Any) -> None:
            if isinstance(request, Identify):
                key = description_key(answer, CHOICE, self.config.tasks)
                self.stores.descriptions.put(key, description, Stats())

        job = Job(path, State.RUNNING, Wish.DESCRIBE, True, 1, None, "", 0.0)
        self.drive(self._journeys(run).describe(job), path, known)
        with self.stores.turn():
            self.stores.queue.declare(path, None, 0.0)

    def undo(self, *paths: Path, media: tuple[Path, ...] | None = None, **asked: Any) -> list[str]:
        """Undo as the command does; gives what it tells."""
        told: list[str] = []

        def say(answer: Mapping[str, Any]) -> None:
            told.append(answer["says"])

        undo = Undo.of(
            {"paths": [str(p) for p in paths], **asked}, paths if media is None else media
        )
        assert undo.fault is None
        undoing = Undoing(undo, self.config, self.stores, self._journeys("run-3"), say)
        failure = None
        for path in undoing.paths():
            try:
                self.drive(undoing.journey(path), path)
            except AssetError as error:
                failure = failure or error
        undoing.ended()
        if failure:
            raise failure
        return told

    def drive(
        self, way: Journey, path: Path, seen: Callable[[Request, Any], None] = lambda *_: None
    ) -> None:
        value: Any = None
        failure: AssetError | None = None
        with self.stores.turn(), suppress(StopIteration):
            while True:
                request = way.throw(failure) if failure else way.send(value)
                self.meanwhile(request)
                answer = self._desk.answer(request)
                failure = None
                if answer.failure:
                    reason = Reason[answer.failure.reason or ""]
                    failure = AssetError(path, reason, answer.failure.detail)
                    continue
                value = unpack(answer.value, ANSWERS[type(request)])
                seen(request, value)

    def values(self, path: Path, *tags: str) -> list[str]:
        """Read what *tags* say in a sidecar, or in a media file, one text for each property."""
        file = path.read_bytes() if path.suffix == ".xmp" else path
        found = normal(self._exiftool.read([file], [f"-{tag}" for tag in tags])[0])
        values = (value for name, value in found.items() if name != TOOLKIT)
        return [", ".join(map(str, v)) if isinstance(v, list) else str(v) for v in values]

    def inside(self, path: Path, format: str = "jpeg") -> Properties:
        """Read all that captiond may change inside a media file."""
        found = read_inside(self._exiftool, path, format)
        return {name: value for name, value in found.items() if name != TOOLKIT}

    def state(self) -> dict[str, tuple[Any, ...]]:
        """Give all that a dry run must leave: bytes, times and inodes of files, and the rows."""
        files = {
            str(path.relative_to(self.root)): (
                hashlib.sha256(path.read_bytes()).hexdigest(),
                *(path.stat().st_ino, path.stat().st_mtime_ns, path.stat().st_ctime_ns),
            )
            for path in self.folder.rglob("*")
            if path.is_file()
        }
        return {**files, "rows": tuple(map(tuple, self.rows()))}

    def rows(self) -> list[Any]:
        """List the rows of state.db that tell of files."""
        found = []
        for table in ("journal", "assets", "sidecars", "jobs"):
            found += self.stores._state.execute(f"SELECT * FROM {table}").fetchall()
        return found

    def _journeys(self, run: str) -> Journeys:
        return Journeys(self.config, CHOICE, self.stores, lambda: Stamp(run, "2026-01-01"))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    scratch = tmp_path_factory.mktemp("state") / "scratch"
    scratch.mkdir()
    with Bench(Setup(scratch, (), "exiftool")) as bench:
        yield bench
        assert not [p for p in scratch.iterdir() if p.is_file()], "nothing stays in scratch"


@pytest.fixture
def room(tmp_path: Path, bench: Bench) -> Iterator[Room]:
    with Stores.open(tmp_path, CHOICE, ("caption",)) as stores:
        yield Room(tmp_path, stores, bench)


@pytest.fixture
def picture(room: Room) -> Path:
    return drawn.jpeg(room.folder / "a.jpg", size=(64, 48))


@pytest.fixture
def sidecar(picture: Path) -> Path:
    return picture.with_name("a.jpg.xmp")


def edit(path: Path, *arguments: str) -> None:
    """Change a file as another program does."""
    options = ["-config", "", "-q", "-overwrite_original", *arguments]
    subprocess.run(["exiftool", *options, path], check=True)
