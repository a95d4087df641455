"""`captiond search`, `show` and `export`: read what is known; no daemon is needed."""

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import click

from daemon.cli.setting import Setting, absolute, end, print_json
from daemon.cli.table import near, table
from daemon.toml_keys import ConfigError
from metadata.asset import MediaKind
from metadata.search import Query

SOME_FAILED = 1
FILTERS = (
    click.option("--tag", "tags", multiple=True, metavar="T", help="Has this tag; repeatable."),
    click.option("--kind", type=click.Choice([str(k) for k in MediaKind]), help="Only these."),
    click.option("--sentiment", metavar="S", help="positive, neutral, negative or mixed."),
    click.option("--mood", metavar="M", help="Has this mood."),
    click.option("--lang", metavar="L", help="Has a caption in this language, such as es."),
    click.option("--since", metavar="D", help="Taken since this day (YYYY-MM-DD)."),
)


def _filtered(command: Any) -> Any:
    for option in reversed(FILTERS):
        command = option(command)
    return command


@click.command()
@click.argument("words", nargs=-1, metavar="[WORDS...]")
@_filtered
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    metavar="N",
    help="At most so many files.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each file.")
@click.pass_obj
def search(
    setting: Setting, /, words: tuple[str, ...], limit: int, as_json: bool, **wanted: Any
) -> None:
    """Find files by words and tags, in all languages; without words the newest first."""
    found = list(_found(setting, _query(words, limit, wanted)))
    if as_json:
        for file in found:
            print_json(file)
        return
    rows = [(near(f["path"]), _caption(f), _tags(f)) for f in found]
    click.echo(table(("file", "caption", "tags"), rows) if rows else "nothing found")


@click.command()
@click.argument("path", type=click.Path(path_type=str))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def show(setting: Setting, path: str, as_json: bool) -> None:
    """Show everything known about one file, and where each value came from."""
    from daemon.cli.figures import cost_lines
    from daemon.told import told_of

    file = told_of(setting.config, absolute((path,))[0])
    if as_json:
        print_json(file)
    else:
        costs = list(cost_lines(file, setting.config.engine.temperature))
        click.echo("\n".join(_everything(file, costs, _unread(setting))))
    if file["state"] is None:
        end(f"{file['path']}: captiond does not know this file", SOME_FAILED)


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv"]),
    default="jsonl",
    show_default=True,
    help="JSON lines with everything, or a table of captions and costs.",
)
@click.argument("words", nargs=-1, metavar="[QUERY]")
@_filtered
@click.pass_obj
def export(setting: Setting, /, form: str, words: tuple[str, ...], **wanted: Any) -> None:
    """Print descriptions as a data set; QUERY and filters as for search."""
    files = _found(setting, _query(words, None, wanted))
    if form == "jsonl":
        for file in files:
            print_json(file)
        return
    from daemon.cli.figures import COST_COLUMNS, cost_cells

    out = csv.writer(sys.stdout)
    head = ("file", "kind", "taken_at", "language", "caption", "alt", "tags")
    out.writerow((*head, *COST_COLUMNS))
    for file in files:
        about, costs = (file["path"], file["kind"], file["taken_at"]), cost_cells(file)
        for language, caption in file["caption"].items():
            alt = file["alt"].get(language, "")
            out.writerow((*about, language, caption, alt, _tags(file), *costs))


def _query(words: tuple[str, ...], limit: int | None, wanted: Mapping[str, Any]) -> Query:
    return Query(
        words=" ".join(words),
        tag=wanted["tags"],
        kind=MediaKind(wanted["kind"]) if wanted["kind"] else None,
        sentiment=wanted["sentiment"],
        mood=wanted["mood"],
        lang=wanted["lang"],
        since=_day(wanted["since"]),
        limit=limit,
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigError(f"--since {text}: a day is written YYYY-MM-DD") from error


def _found(setting: Setting, query: Query) -> Iterator[dict[str, Any]]:
    from daemon.told import told_by

    return told_by(setting.config, query)


def _tags(file: Mapping[str, Any]) -> str:
    return ", ".join(tag["name"] for tag in file["tags"])


def _caption(file: Mapping[str, Any]) -> str:
    captions = file["caption"]
    return str(captions.get("x-default") or captions.get("en") or next(iter(captions.values()), ""))


def _unread(setting: Setting) -> str:
    """Say why texts are not looked for now, and what to do; else how to have them looked for."""
    from daemon.engines.choice import INSTALL_OCR, why_unread

    if "text" not in setting.config.tasks:
        return why_unread(setting.config)
    if why := why_unread(setting.config):
        return f"{why}; {INSTALL_OCR}"
    return "`captiond redo` looks for them"


def _everything(file: Mapping[str, Any], costs: list[str], unread: str) -> Iterator[str]:
    yield f"{file['path']}: {file['state']}"
    for key, value in file.items():
        lines = [] if key in ("path", "state", "not_run") else list(_lines(value))
        lines = costs if key == "stats" else lines
        if lines:
            yield f"{key}:"
            yield from (f"  {line}" for line in lines)
    if "text" in file["not_run"] and file["state"] == "done":
        yield f"texts in the picture were not looked for: {unread}"
    if others := [task for task in file["not_run"] if task != "text"]:
        yield f"not looked for: {', '.join(others)}"


def _lines(value: Any) -> Iterator[str]:
    """Spell a value of the JSON shape for people: one line for each entry."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _entry(key, inner)
    elif isinstance(value, list):
        yield from map(_plain, value)
    elif value is not None:
        yield _plain(value)


def _entry(key: str, value: Any) -> Iterator[str]:
    """Spell one part of an object; a list of objects, such as the facts, one line each."""
    if isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        yield f"{key}:"
        yield from (f"  {_plain(each)}" for each in value)
    elif value not in (None, [], {}):
        yield f"{key}: {_plain(value)}"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {_plain(v)}" for k, v in value.items() if v not in (None, [], {}))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
