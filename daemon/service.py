"""The composition root: builds every part once, turns the wheel, and ends in good order."""

import logging
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.chosen import Looking, chosen
from daemon.config import Config
from daemon.control import ControlSocket, lock
from daemon.engines import EngineError
from daemon.engines.choice import INSTALL_OCR, Choice
from daemon.inbox import Inbox
from daemon.notify import Notifier, Pulse
from daemon.stores import Stores
from daemon.watch import Watch
from daemon.watch.names import Names
from daemon.watch.scan import scan
from daemon.watch.stirred import Scanned, WatchedFolder
from daemon.wheel import LONGEST_TURN_S, Wheel
from daemon.wire import CallSetup, Consult, HostSetup, Render, Setup
from daemon.workers import Crew, Hosts
from daemon.workers.program import calling_process, engine_process
from metadata.asset import shown
from metadata.reasons import State

log = logging.getLogger(__name__)

# The folder in state_dir for weights in the form that another library wants them in.
CONVERTED = "models"
# The process that calls servers has nothing to keep but their connections.
CALLER_IDLE_S = 60.0
# To count what is left takes longer, the more there is.
SHOWN_EVERY_S = 0.25

Progress = Callable[[int, int], None]


@contextmanager
def opened(config: Config) -> Iterator[tuple[Wheel, Inbox]]:
    """Build a captiond on the configured state folder, which must not be held by another one.

    Raises Held, EngineError or StorageError.
    """
    look = Looking()
    choice = chosen(config, look)
    _check_exiftool(config)
    with ExitStack() as parts:
        parts.enter_context(lock(config.state_dir))
        look.keep(config.state_dir)
        scratch = _cleared(config.scratch)
        writable = tuple(folder.path for folder in config.folders)
        setup = Setup(scratch, writable, config.exiftool)
        inbox = parts.enter_context(Inbox())
        stores = parts.enter_context(Stores.open(config.state_dir, choice, config.tasks))
        readers = config.reader_count if choice.reads else 0
        crew = Crew(
            config.worker_count,
            setup,
            readers,
            hosts=_hosts(config, choice),
            servers=_servers(config, choice),
            served=_served(choice),
        )
        workers = parts.enter_context(crew)
        yield Wheel(config, choice, stores, workers, setup, inbox), inbox


@dataclass(frozen=True, slots=True)
class Ended:
    """How many files of a run are done, failed, and wait for the machine, and *why* these wait.

    *unreadable* counts folders that could not be read.
    """

    done: int
    failed: int
    unreadable: int
    waiting: int = 0
    why: str = ""


def run_service(config: Config) -> int:
    """Run captiond until a signal; gives the exit code."""
    notifier = Notifier.from_environment(os.environ)
    with opened(config) as (wheel, inbox), ExitStack() as parts:
        _tell(config, wheel.status.choice)
        _heed_signals(wheel)
        wheel.mend_index()
        control = parts.enter_context(ControlSocket(config.state_dir, inbox.put))
        watch = parts.enter_context(Watch(_watched(config), inbox.put, room=inbox.has_room))
        wheel.status.watch = watch
        notifier.ready()
        others = {"watch": watch.alive, "control": lambda: control.alive}
        _keep_turning(wheel, others, Pulse(notifier, ("loop", *others)))
        notifier.stopping()
        wheel.finish()
    return 0


def run_once(config: Config, progress: Progress) -> Ended:
    """Do all there is in the hot folders, and tell how many files came to which end."""
    with opened(config) as (wheel, inbox), ControlSocket(config.state_dir, inbox.put):
        _tell(config, wheel.status.choice)
        _heed_signals(wheel)
        wheel.mend_index()
        unreadable = _scan(config, inbox)
        wheel.turn(0)
        done = failed = 0
        why = ""
        shown_at = 0.0
        while not wheel.done and not wheel.stopping:
            final = [outcome for outcome in wheel.turn() if outcome.final]
            done += sum(outcome.state is State.DONE for outcome in final)
            failed += sum(outcome.state not in (State.DONE, State.PENDING) for outcome in final)
            why = next((each.why for each in final if each.state is State.PENDING), why)
            if final and time.monotonic() >= shown_at + SHOWN_EVERY_S:
                shown_at = time.monotonic()
                progress(done + failed, done + failed + wheel.status.to_do)
        waiting = wheel.status.to_do
        progress(done + failed, done + failed + waiting)
        wheel.finish()
    return Ended(done, failed, unreadable, waiting, why)


def perform_here(config: Config, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Do *request* in this process, as a captiond of its own; yields the answers."""
    answers: list[dict[str, Any]] = []
    with opened(config) as (wheel, _):
        wheel.errands.take(request, _Here(answers))
        while True:
            while answers:
                answer = answers.pop(0)
                yield answer
                if answer.get("end"):
                    return
            wheel.turn()


class _Here:
    """A reply inside the same process, which takes all answers after each turn."""

    has_room = True

    def __init__(self, answers: list[dict[str, Any]]) -> None:
        self._answers = answers

    def send(self, answer: Mapping[str, Any]) -> None:
        self._answers.append(dict(answer))

    def end(self, exit_code: int) -> None:
        self._answers.append({"end": True, "exit": exit_code})


def _tell(config: Config, choice: Choice) -> None:
    """Log which engine answers, why, and what it cannot do."""
    log.info("engine: %s, %s", choice.model, choice.why)
    if choice.unspoken:
        log.warning("%s, so left out: %s", choice.why_unspoken, ", ".join(choice.unspoken))
    if "text" in config.tasks and not choice.reads:
        log.warning("texts in pictures are not looked for: %s; %s", choice.unread, INSTALL_OCR)
    if choice.unheard:
        log.warning("speech in videos is not looked for: %s", choice.unheard)


def _keep_turning(wheel: Wheel, others: Mapping[str, Callable[[], bool]], pulse: Pulse) -> None:
    while not wheel.stopping:
        wheel.turn(pulse.every_s or LONGEST_TURN_S)
        pulse.beat("loop")
        for name, alive in others.items():
            if alive():
                pulse.beat(name)
        pulse.ping()


def _hosts(config: Config, choice: Choice) -> Hosts:
    """Give the engine processes, one for each device that models run on."""
    if choice.devices:  # its process may write there, but not make it
        (config.state_dir / CONVERTED).mkdir(mode=0o700, exist_ok=True)
    programs = (engine_process(setup) for setup in _host_setups(config, choice))
    return Hosts(tuple(programs), idle_unload_s=config.engine.idle_unload_s)


def _host_setups(config: Config, choice: Choice) -> Iterator[HostSetup]:
    cores = len(os.sched_getaffinity(0))
    for device in choice.devices:
        yield HostSetup(
            scratch=config.scratch,
            kept=config.state_dir / CONVERTED,
            device=device,
            models=choice.models,
            temperature=config.engine.temperature,
            threads=cores if device == "cpu" else max(cores // len(choice.devices), 1),
        )


def _servers(config: Config, choice: Choice) -> Hosts:
    """Give the process that calls servers, where there are any."""
    if not choice.servers:
        return Hosts()
    program = calling_process(CallSetup(config.scratch, choice.servers, config.engine.temperature))
    # While all servers are busy, as much again lies ready for them.
    ahead = 2 * sum(server.concurrency for server in choice.servers)
    return Hosts((program,), ahead=ahead, idle_unload_s=CALLER_IDLE_S)


def _served(choice: Choice) -> tuple[type, ...]:
    """Tell which requests are for servers: those that no model here answers."""
    if not choice.servers:
        return ()
    return (Consult,) if choice.models.translation else (Consult, Render)


def _heed_signals(wheel: Wheel) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, wheel.stop)


def _scan(config: Config, inbox: Inbox) -> int:
    """List every hot folder, without watching any; gives how many folders cannot be read."""
    unreadable = 0

    def refused(where: str, error: OSError) -> None:
        nonlocal unreadable
        unreadable += 1
        log.warning(
            "%s: the folder cannot be read (%s); let the user that captiond runs as read it",
            shown(Path(where)),
            error.strerror,
        )

    for folder in config.folders:
        apart = [f.path for f in config.folders if f.path != folder.path]
        names = Names.below(folder.path, folder.exclude, apart)
        for chunk in scan(str(folder.path), names, lambda *_: None, refused):
            inbox.put(Scanned(folder.path, tuple(chunk), fresh=False))
        inbox.put(Scanned(folder.path, (), fresh=False, last=True))
    return unreadable


def _watched(config: Config) -> list[WatchedFolder]:
    return [WatchedFolder(f.path, f.exclude, f.poll, f.settle_s) for f in config.folders]


def _cleared(scratch: Path) -> Path:
    """Make the private folder for files on their way, without what a killed captiond left."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700, parents=True)
    return scratch


def _check_exiftool(config: Config) -> None:
    if shutil.which(config.exiftool) is None:
        raise EngineError(
            f"ExifTool was not found as {config.exiftool!r}: install it with "
            "`apt-get install libimage-exiftool-perl`, or set exiftool in the configuration"
        )
