"""`captiond status`, `jobs`, and the commands that change what is wished for."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click

from daemon.cli.setting import Setting, absolute, perform, print_json, said
from daemon.cli.table import table
from daemon.toml_keys import ConfigError
from metadata.reasons import State

PATH = click.Path(path_type=str)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def status(setting: Setting, as_json: bool) -> None:
    """Show folders, watch health, queue, rates and statistics."""
    from daemon.status import status_of

    told = status_of(setting.config)
    if as_json:
        print_json(told)
        return
    click.echo(_status_text(told))


@click.command()
@click.option("--state", type=click.Choice([str(s) for s in State]), help="Only jobs in STATE.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each job.")
@click.pass_obj
def jobs(setting: Setting, state: str | None, as_json: bool) -> None:
    """List jobs with their reasons, last changed first."""
    from daemon.status import jobs_of

    listed = jobs_of(setting.config, State(state) if state else None)
    if as_json:
        for job in listed:
            print_json(job)
        return
    rows = [(job["state"], job["path"], _reason(job)) for job in listed]
    click.echo(table(("state", "file", "reason"), rows) if rows else "no jobs")


@click.command()
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH...]")
@click.option("--all", "every", is_flag=True, help="Try every failed file again.")
@click.pass_obj
def retry(setting: Setting, paths: tuple[str, ...], every: bool) -> None:
    """Try failed files again, with all their attempts."""
    if not paths and not every:
        raise ConfigError("name the files to try again, or say --all")
    _do(setting, {"do": "retry", "paths": absolute(paths), "all": every})


@click.command()
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH...]")
@click.option("--stale", is_flag=True, help="What would be described or called otherwise now.")
@click.pass_obj
def redo(setting: Setting, paths: tuple[str, ...], stale: bool) -> None:
    """Describe files again."""
    if not paths and not stale:
        raise ConfigError("name the files to describe again, or say --stale")
    _do(setting, {"do": "redo", "paths": absolute(paths), "stale": stale})


@click.command()
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH...]")
@click.option("--run", "run_id", metavar="ID", help="What one run of captiond wrote.")
@click.option("--model", metavar="M", help="What a model made, such as builtin@0.1.0.")
@click.option("--field", metavar="F", help="Only one field, such as caption or tags.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.pass_obj
def undo(
    setting: Setting,
    paths: tuple[str, ...],
    run_id: str | None,
    model: str | None,
    field: str | None,
    dry_run: bool,
) -> None:
    """Take back exactly what captiond wrote; nothing to undo is success."""
    if not paths and not run_id and not model:
        raise ConfigError("name the files, a run (--run ID) or a model (--model M) to undo")
    asked = {"run": run_id, "model": model, "field": field, "dry_run": dry_run}
    _do(setting, {"do": "undo", "paths": absolute(paths), **asked})


@click.command()
@click.pass_obj
def reindex(setting: Setting) -> None:
    """Rebuild the index from sidecars and embedded metadata, without any model call."""
    _do(setting, {"do": "reindex"})


def _do(setting: Setting, request: Mapping[str, Any]) -> None:
    """Have *request* done, print what happens to each file, and leave with its exit code."""
    code = 0
    for answer in perform(setting.config, request):
        code = answer.get("exit", code)
        if says := said(answer):
            click.echo(says)
        if "file" in answer:
            file = answer["file"]
            click.echo(f"{file['path']}: {file['state']}{_reason_after(file)}")
    sys.exit(code)


def _repeated(told: Mapping[str, Any]) -> str:
    names = ", ".join(told["examples"])
    return (
        f"the same caption for {told['scenes']} of the latest {told['of']} pictures that "
        f"{told['model']} described: “{told['caption']}” ({names}, ...); `captiond doctor`"
    )


def _periods(told: Mapping[str, Any]) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Give the statistics by period, those that have any."""
    for when, key in (("last hour", "last_hour"), (f"since {told.get('since')}", "since_start")):
        if sums := told.get(key):
            yield when, list(map(_sum_cells, sums))


def _sum_cells(told: Mapping[str, Any]) -> tuple[str, ...]:
    tokens = told["tokens"]
    counted = (tokens["prompt"], tokens["completion"]) if tokens else ("", "")
    seconds = f"{told['seconds_per_file']:.3f}"
    return (f"{told['kind']}s", str(told["files"]), seconds, *map(str, counted), told["model"])


def _reason(job: Mapping[str, Any]) -> str:
    error = job["error"]
    return f"{error['message']}; {error['hint']}" if error else ""


def _reason_after(file: Mapping[str, Any]) -> str:
    reason = _reason(file)
    return f": {reason}" if reason else ""


def _status_text(told: Mapping[str, Any]) -> str:
    engine, queue = told["engine"], told["queue"]
    running = f"running, pid {told['pid']}" if told["running"] else "not running"
    counts = ", ".join(f"{number} {state}" for state, number in queue.items() if number)
    lines = [
        f"captiond {told['version']}: {running}",
        f"engine: {engine['model'] or 'none'} ({engine['why']})",
        *(f"engine process: {doing}" for doing in engine["doing"]),
        f"state: {told['state_dir']}",
        f"queue: {counts or 'empty'}",
    ]
    if told["paused"]:
        lines.append(f"paused: {told['paused']}")
    # an older captiond that runs on after an update tells neither
    lines += [_repeated(each) for each in told.get("repeated") or ()]
    for when, rows in _periods(told.get("statistics") or {}):
        lines += ["", table((when, "files", "s each", "tokens in", "out", "model"), rows)]
    folders = [
        (f["path"], f["state"], f["mode"] or "", str(f["overflows"]), f["detail"])
        for f in told["folders"]
    ]
    if folders:
        lines += ["", table(("folder", "state", "watched by", "overflows", "detail"), folders)]
    return "\n".join(lines)
