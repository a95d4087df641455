"""`captiond eval`: how good engines are on a user's own pictures, by labels."""

import logging
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from daemon.cli.setting import NOT_READY, Setting, absolute, log_to_stderr, print_json
from daemon.cli.table import table
from daemon.toml_keys import ConfigError

SOME_FAILED = 1
TERMINATED = 128 + signal.SIGTERM
HEAD = (
    "engine", "files", "failed", "precision", "recall", "F1", "chrF", "English", "short", "alike",
    "s/file", "tokens",
)  # fmt: skip


@click.command(name="eval")
@click.argument("folder", type=click.Path(path_type=str))
@click.option(
    "--labels",
    type=click.Path(path_type=str),
    metavar="FILE",
    help="The labels; without this, labels.csv in FOLDER.",
)
@click.option(
    "--engine",
    "engines",
    multiple=True,
    metavar="E",
    help="builtin, transformers, openai, or NAME=FILE for a configuration of its own; repeatable. "
    "Without any, builtin and the configured one.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N files.")
@click.option(
    "--words",
    type=click.IntRange(min=1),
    default=200,
    show_default=True,
    metavar="N",
    help="Captions of at most N words count as short.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def evaluate(
    setting: Setting,
    folder: str,
    labels: str | None,
    engines: tuple[str, ...],
    limit: int | None,
    words: int,
    as_json: bool,
) -> None:
    """Compare engines on a folder of labelled pictures; nothing is written.

    The labels are a CSV file with the columns file, caption and tags (separated by ; or ,) and,
    where they are not English, language.
    """
    from daemon.evaluating.contenders import contenders
    from daemon.evaluating.labels import NAME, read_labels
    from daemon.evaluating.report import left_out

    where = Path(absolute((folder,))[0])
    if not where.is_dir():
        raise ConfigError(f"{where}: no such folder")
    compared = contenders(setting.config, engines)
    source = Path(absolute((labels,))[0]) if labels else where / NAME
    read = read_labels(source, where)
    files = read.labels[:limit]
    spare = left_out(setting.config, where, read.labels)
    problems = [*read.problems, *([f"{spare} files have no label"] if spare else [])]
    for problem in problems:
        click.echo(f"captiond: {problem}", err=True)
    rows = _rows(compared, where, files, words)
    if as_json:
        told = {"folder": str(where), "labels": str(source), "files": len(files)}
        print_json({**told, "problems": problems, "engines": rows})
    else:
        click.echo("\n".join(table_lines(rows)))
    sys.exit(_code(rows))


def _rows(compared: Sequence[Any], where: Path, files: Any, words: int) -> list[dict[str, Any]]:
    """Run the engines one after the other; an end by signal leaves no state folder behind."""
    from daemon.evaluating.report import report
    from daemon.evaluating.running import Spare

    log_to_stderr(logging.ERROR)
    rows = []
    for contender in compared:
        with _Progress(contender.name, len(files)) as progress:
            try:
                rows.append(report(contender, where, files, words, progress.moved))
            except Spare as spare:
                told = f"what is configured is the {contender.spare} engine, too: {spare}"
                click.echo(f"captiond: {told}", err=True)
    return rows


def _code(rows: Sequence[Mapping[str, Any]]) -> int:
    ran = [row for row in rows if row["why"] is None]
    if not ran:
        return NOT_READY
    return SOME_FAILED if any(row["failed"] for row in ran) else 0


def table_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Lay out the rows of a report, and say below who each one is, or why it could not run."""
    ran = [row for row in rows if row["why"] is None]
    if ran:
        yield table(HEAD, map(_cells, ran))
        yield ""
    for row in rows:
        yield f"{row['name']}: {_about(row)}"


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    tags, manner, tokens = row["tags"], row["manner"], row["tokens"]
    overlap, each_s = row["caption"]["overlap"], row["seconds"]["wall_per_file"]
    return (
        row["name"],
        str(row["files"]),
        str(len(row["failed"])),
        _share(tags["precision"]),
        _share(tags["recall"]),
        _share(tags["f1"]),
        "" if overlap is None else f"{overlap:.1f}",
        _share(manner["english"]),
        _share(manner["within"]),
        str(manner["alike"]),
        "" if each_s is None else f"{each_s:.2f}",
        str(round(sum(tokens.values()) / row["files"])) if tokens else "",
    )


def _about(row: Mapping[str, Any]) -> str:
    if row["why"]:
        return f"could not run: {row['why']}"
    notes = [row["model"]]
    if row["temperature"] is not None:
        notes.append(f"temperature {row['temperature']:g}")
    if missing := row["caption"]["missing"]:
        notes.append(f"{missing} captions are labelled in a language that it gave none in")
    if commonest := row["manner"]["commonest"]:
        notes.append(f"{row['manner']['alike']} captions are alike, such as “{commonest}”")
    reasons = sorted({failed["reason"] for failed in row["failed"]})
    if reasons:
        notes.append(f"failed: {', '.join(reasons)}")
    return "; ".join(notes)


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.2f}"


class _Progress:
    """A bar on a terminal; a termination inside ends like an interrupt, with everything closed."""

    def __init__(self, name: str, length: int) -> None:
        self._bar: Any = None
        if sys.stderr.isatty():
            self._bar = click.progressbar(length=length, label=name, file=sys.stderr)

    def __enter__(self) -> "_Progress":
        self._before = signal.signal(signal.SIGTERM, _terminated)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, self._before)
        if self._bar is not None:
            self._bar.render_finish()

    def moved(self, ended: int) -> None:
        """Show that *ended* files have ended."""
        if self._bar is not None:
            self._bar.update(ended - self._bar.pos)


def _terminated(*_: object) -> None:
    sys.exit(TERMINATED)
