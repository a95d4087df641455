"""Do what a command asks: each errand runs inside the daemon's loop and answers line by line.

A request is ``{"do": NAME, ...}``; paths are absolute. Answers are ``{"file": ...}`` (the one JSON
shape), ``{"says": "..."}`` for people, ``{"progress": [ended, of]}``, and at the end the exit code.
"""

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from daemon.config import Config
from daemon.engines import EngineError
from daemon.engines.choice import Choice
from daemon.jobs import Wish
from daemon.journey import Journey, Journeys
from daemon.pipeline import Outcome, Pipeline
from daemon.reach import Found, Reach
from daemon.stores import Stores
from daemon.tagging import Tagging
from daemon.toml_keys import ConfigError
from daemon.trying import Trying
from daemon.undo import Undo, Undoing
from metadata.asset import AssetError, shown
from metadata.database import StorageError
from metadata.reasons import State

# So many files are told of in one turn, and this long a client has before the next ones.
MOST_AT_ONCE = 200
PAUSE_S = 0.01
SOME_FAILED = 1
MISUSED = 2
NOT_READY = 3


class Reply(Protocol):
    """Where answers go; nothing here waits for a slow client."""

    @property
    def has_room(self) -> bool:
        """Tell whether the client keeps up, so that more may be sent at once."""

    def send(self, answer: Mapping[str, Any]) -> None:
        """Give one answer."""

    def end(self, exit_code: int) -> None:
        """Give the last word."""


class Unheard:
    """A reply to nobody, for what captiond asks of itself."""

    has_room = True

    def send(self, answer: Mapping[str, Any]) -> None:
        """Say nothing."""

    def end(self, exit_code: int) -> None:
        """Say nothing."""


@dataclass(slots=True)
class _Errand:
    """A reply that waits for the outcomes of some paths, and has others to be told of as they are.

    The latter can be forty thousand, so that they are told as fast as the client reads.
    """

    reply: Reply
    waiting: set[Path]
    as_they_are: deque[Path]
    of: int
    show: bool
    failed: int = 0
    finally_do: Callable[[], None] = field(default=lambda: None)


class Errands:
    """The errands under way."""

    def __init__(
        self,
        config: Config,
        choice: Choice,
        stores: Stores,
        pipeline: Pipeline,
        journeys: Journeys,
        status: Callable[[], dict[str, Any]],
        allow: Callable[[Iterable[Path]], None],
    ) -> None:
        self._config = config
        self._choice = choice
        self._stores = stores
        self._pipeline = pipeline
        self._journeys = journeys
        self._tagging = Tagging(journeys.naming, stores, pipeline)
        self._reach = Reach(config)
        self._status = status
        self._allow = allow
        self._errands: list[_Errand] = []

    @property
    def busy(self) -> bool:
        """Tell whether anybody waits for an answer."""
        return bool(self._errands)

    @property
    def due_in(self) -> float | None:
        """Tell in how many seconds there is more to tell; None when nothing waits for that."""
        return PAUSE_S if any(errand.as_they_are for errand in self._errands) else None

    def take(self, request: Mapping[str, Any], reply: Reply) -> None:
        """Start what *request* asks; an unknown or malformed one is answered at once."""
        doing = {
            "process": self._process,
            "retry": self._retry,
            "redo": self._redo,
            "undo": self._undo,
            "rename": self._rename,
            "try": self._try,
            "reindex": self._reindex,
            "status": self._tell_status,
        }.get(str(request.get("do")))
        if doing is None:
            reply.send({"says": f"captiond cannot {request.get('do')!r}; update the running one"})
            reply.end(MISUSED)
            return
        try:
            doing(request, reply)
        except (sqlite3.Error, StorageError) as error:
            reply.send({"says": f"not done: {error}; `captiond doctor` tells more"})
            reply.end(NOT_READY)
            raise

    def ended(self, outcomes: Iterable[Outcome]) -> None:
        """Pass on how journeys ended to whoever waits for them."""
        for outcome in outcomes:
            for errand in self._errands:
                if outcome.final and outcome.path in errand.waiting:
                    self._tell(errand, outcome)
        for errand in self._errands:
            self._tell_as_they_are(errand)
        for errand in [e for e in self._errands if not (e.waiting or e.as_they_are)]:
            self._errands.remove(errand)
            errand.finally_do()
            errand.reply.end(SOME_FAILED if errand.failed else 0)

    def _process(self, request: Mapping[str, Any], reply: Reply) -> None:
        found = self._found(request)
        with self._stores.turn():
            wanted = [path for path in found.media if not self._stores.is_current(path)]
            self._stores.queue.enqueue(wanted, Wish.DESCRIBE, True, time.time())
        waiting = set(wanted)
        current = deque(path for path in found.media if path not in waiting)
        failed = found.tell(reply.send)
        self._wait(reply, wanted, show=True, failed=failed, as_they_are=current)

    def _found(self, request: Mapping[str, Any]) -> Found:
        found = self._reach.media(_paths(request))
        self._allow(found.media)
        return found

    def _retry(self, request: Mapping[str, Any], reply: Reply) -> None:
        wanted = None if request.get("all") else self._found(request).media
        with self._stores.turn():
            again = self._stores.queue.retry(wanted, time.time())
        reply.send({"says": f"{len(again)} to try again"})
        self._wait(reply, again, show=True)

    def _redo(self, request: Mapping[str, Any], reply: Reply) -> None:
        found = self._found(request)
        wanted, named = list(found.media), list[Path]()
        if request.get("stale"):
            stale, otherwise = set(self._stores.stale()), self._tagging.called_otherwise()
            named = sorted((otherwise - stale).intersection(wanted or otherwise))
            wanted = [p for p in wanted if p in stale] if wanted else sorted(stale)
        now = time.time()
        with self._stores.turn():
            self._stores.queue.enqueue(wanted, Wish.REDO, True, now)
            self._pipeline.redo_again(wanted)
            self._stores.queue.enqueue(named, Wish.WRITE, True, now)
        reply.send({"says": f"{len(wanted)} to describe again"})
        if named:
            reply.send(
                {"says": f"{len(named)} to write again: their keywords are called otherwise"}
            )
        self._allow(named)
        self._wait(reply, [*wanted, *named], show=True, failed=found.tell(reply.send))

    def _rename(self, request: Mapping[str, Any], reply: Reply) -> None:
        words, into = request.get("words"), request.get("into")
        if not isinstance(words, list) or not isinstance(into, str):
            words, into = [], ""
        try:
            renamed = self._tagging.rename([str(word) for word in words], into)
        except ConfigError as error:
            reply.send({"says": str(error)})
            reply.end(MISUSED)
            return
        self._allow(renamed.paths)
        reply.send({"says": f"{len(renamed.paths)} to write again, with {into!r}"})
        if renamed.is_back:
            says = "a rename is taken back: what was described with the other word keeps that"
            reply.send({"says": says})
        if renamed.kept:
            files = "1 file keeps" if renamed.kept == 1 else f"{renamed.kept} files keep"
            reply.send({"says": f"{files} the word: a human wrote it there"})
        self._wait(reply, renamed.paths, show=True)

    def _undo(self, request: Mapping[str, Any], reply: Reply) -> None:
        found = self._found(request)
        asked = Undo.of(request, found.media)
        if asked.fault:
            reply.send({"says": asked.fault})
            reply.end(MISUSED)
            return
        undoing = Undoing(asked, self._config, self._stores, self._journeys, reply.send)
        paths = undoing.paths()
        self._allow(paths)
        for path in paths:
            self._pipeline.send(path, undoing.journey(path))
        failed = found.tell(reply.send)
        self._wait(reply, paths, show=False, failed=failed, finally_do=undoing.ended)

    def _try(self, request: Mapping[str, Any], reply: Reply) -> None:
        found = self._reach.media(_paths(request))
        if found.tell(reply.send) or len(found.media) != 1:
            if not found.problems:
                reply.send({"says": f"{len(found.media)} files are there; name one of them"})
            reply.end(MISUSED)
            return
        (path,) = found.media
        self._pipeline.send(path, self._tried(path, str(request.get("prompt")), reply), quiet=True)

    def _tried(self, path: Path, prompt: str, reply: Reply) -> Journey:
        """Ask one prompt about one file, and tell whoever waits for it how that ended."""
        code = NOT_READY
        try:
            tried = yield from Trying(self._config, self._choice, prompt).steps(path)
            reply.send({"tried": tried})
            code = SOME_FAILED if tried["error"] else 0
        except AssetError as error:
            reply.send({"says": f"{error}; {error.reason.hint}"})
            code = SOME_FAILED
        except ConfigError as error:
            reply.send({"says": str(error)})
            code = MISUSED
        except EngineError as error:
            reply.send({"says": str(error)})
        finally:
            reply.end(code)
        return None

    def _reindex(self, request: Mapping[str, Any], reply: Reply) -> None:
        everything = self._reach.everything(self._stores.known.all())
        paths = [path for path in everything if self._stores.may_be_indexed(path)]
        self._stores.index.begin_rebuild()
        for path in paths:
            self._pipeline.send(path, self._journeys.reread(path))
        self._wait(reply, paths, show=False, finally_do=self._stores.index.end_rebuild)

    def _tell_status(self, request: Mapping[str, Any], reply: Reply) -> None:
        reply.send({"status": self._status()})
        reply.end(0)

    def _wait(
        self,
        reply: Reply,
        paths: Iterable[Path],
        *,
        show: bool,
        as_they_are: deque[Path] | None = None,
        failed: int = 0,
        finally_do: Callable[[], None] = lambda: None,
    ) -> None:
        waiting, current = set(paths), as_they_are or deque()
        of = len(waiting) + len(current)
        self._errands.append(_Errand(reply, waiting, current, of, show, failed, finally_do))
        self.ended(())

    def _tell_as_they_are(self, errand: _Errand) -> None:
        for _ in range(MOST_AT_ONCE):
            if not errand.as_they_are or not errand.reply.has_room:
                return
            errand.reply.send({"file": self._stores.shape(errand.as_they_are.popleft())})
            self._tell_progress(errand)

    def _tell_progress(self, errand: _Errand) -> None:
        left = len(errand.waiting) + len(errand.as_they_are)
        errand.reply.send({"progress": [errand.of - left, errand.of]})

    def _tell(self, errand: _Errand, outcome: Outcome) -> None:
        errand.waiting.discard(outcome.path)
        if outcome.state not in (State.DONE, State.SKIPPED):
            errand.failed += 1
        if errand.show:
            errand.reply.send({"file": self._stores.shape(outcome.path)})
        elif outcome.reason:
            errand.reply.send({"says": f"{shown(outcome.path)}: {outcome.reason.message}"})
        self._tell_progress(errand)


def _paths(request: Mapping[str, Any]) -> list[Path]:
    return [Path(path) for path in request.get("paths", ()) if isinstance(path, str)]
