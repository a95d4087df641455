"""`captiond run` and `captiond process`: describe files."""

import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from daemon.cli.progress import Progress
from daemon.cli.setting import (
    NOT_READY,
    Setting,
    absolute,
    log_to_stderr,
    perform,
    print_json,
)
from daemon.toml_keys import ConfigError

if TYPE_CHECKING:
    from daemon.config import Config
    from daemon.figures import Figures
    from daemon.service import Ended

SOME_FAILED = 1
PATH = click.Path(path_type=str)


@click.command()
@click.argument("folders", nargs=-1, type=PATH, metavar="[FOLDER...]")
@click.option("--once", is_flag=True, help="Do all there is, then exit.")
@click.pass_obj
def run(setting: Setting, folders: tuple[str, ...], once: bool) -> None:
    """Watch the hot folders and describe what lands in them, in the foreground.

    FOLDER arguments replace the configured hot folders.
    """
    from daemon.service import run_once, run_service

    config = setting.config.with_folders(tuple(map(Path, absolute(folders))))
    if not config.folders:
        raise ConfigError(
            "no hot folder: name one (`captiond run FOLDER`) or write one into the configuration "
            "(`captiond config init`)"
        )
    for folder in config.folders if folders else ():
        if not folder.path.is_dir():
            raise ConfigError(f"{folder.path}: no such folder")
    log_to_stderr()
    if not once:
        sys.exit(run_service(config))
    with Progress("describing") as progress:
        ended = run_once(config, progress.moved)
    click.echo(f"captiond: {_sum(ended)}", err=True)
    sys.exit(_code(ended))


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each file.")
@click.option(
    "--summary", is_flag=True, help="Print statistics on stderr: each file, and their sums."
)
@click.pass_obj
def process(setting: Setting, paths: tuple[str, ...], as_json: bool, summary: bool) -> None:
    """Describe files or folders now."""
    told = _Told(datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic())
    code = 0
    with Progress("describing") as progress:
        for answer in perform(setting.config, {"do": "process", "paths": absolute(paths)}):
            code = answer.get("exit", code)
            progress.answered(answer)
            if "file" in answer:
                told.take(answer["file"])
                if as_json:
                    print_json(answer["file"])
    for line in () if as_json else told.lines:
        click.echo(line)
    if not told.lines:
        click.echo("captiond: no picture or video there", err=True)
    elif summary:
        click.echo("\n".join(told.summary(setting.config)), err=True)
    _say_what_is_missing(setting.config)
    sys.exit(code)


class _Told:
    """What was told of files, as little of it as is needed: forty thousand whole ones fill 1 GB."""

    def __init__(self, begun: str, clock: float) -> None:
        self.lines: list[str] = []
        self._figures: list[Figures] = []
        self._begun, self._clock = begun, clock

    def take(self, file: Mapping[str, Any]) -> None:
        """Take in one file in the JSON shape."""
        from daemon.figures import Figures

        self.lines.append(_line(file))
        self._figures.append(Figures.of(file))

    def summary(self, config: "Config") -> Iterator[str]:
        """Give the statistics of each file and of all."""
        from daemon.cli.figures import batch_text, files_table

        took_s = time.monotonic() - self._clock
        yield files_table(self._figures)
        yield ""
        yield from batch_text(self._figures, self._begun, took_s, config.engine.temperature)


def _say_what_is_missing(config: "Config") -> None:
    from daemon.engines.choice import INSTALL_OCR, why_unread

    if "text" in config.tasks and (why := why_unread(config)):
        says = f"texts in pictures were not looked for: {why}; {INSTALL_OCR}"
        click.echo(f"captiond: {says}", err=True)


def _code(ended: "Ended") -> int:
    if ended.failed or ended.unreadable:
        return SOME_FAILED
    # what waits for no reason of the machine's has changed just now, or the run was ended
    return (NOT_READY if ended.why else SOME_FAILED) if ended.waiting else 0


def _sum(ended: "Ended") -> str:
    parts = [f"{ended.done} described"] if ended.done else []
    if ended.failed:
        parts.append(f"{ended.failed} failed: see `captiond jobs`")
    if ended.waiting:
        parts.append(f"{ended.waiting} waiting: {ended.why or 'run it again'}")
    if ended.unreadable:
        parts.append(f"{ended.unreadable} folders cannot be read")
    return ", ".join(parts) or "nothing to do"


def _line(file: Mapping[str, Any]) -> str:
    error = file["error"]
    said = f"{error['message']}; {error['hint']}" if error else file["caption"].get("en", "")
    return f"{file['path']}: {said}"
