"""`captiond tags`: the keywords of the whole library, and what captiond is to call its own."""

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from daemon.cli.progress import Progress
from daemon.cli.setting import Setting, perform, print_json
from daemon.cli.table import table

if TYPE_CHECKING:
    from metadata.lexicon import Keyword

JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each file.")


@click.group()
def tags() -> None:
    """List the keywords of all files, and have captiond's called otherwise."""


@tags.command(name="list")
@click.argument("words", nargs=-1, metavar="[WORDS...]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each keyword.")
@click.pass_obj
def list_tags(setting: Setting, words: tuple[str, ...], as_json: bool) -> None:
    """List keywords with the number of their files; with WORDS those that hold one of them.

    The files are counted by whose keyword it is in each: captiond's or a human's.
    """
    from daemon.told import keywords_of

    found = list(_holding(keywords_of(setting.config), words))
    if as_json:
        for each in found:
            print_json(_json(each))
        return
    head = ("keyword", "files", "captiond's", "human", "below")
    click.echo(table(head, map(_row, found)) if found else "no such keyword")


@tags.command()
@click.argument("old")
@click.argument("new")
@JSON
@click.pass_obj
def rename(setting: Setting, old: str, new: str, as_json: bool) -> None:
    """Call captiond's keyword OLD by the name NEW, in all files and from now on.

    Keywords of humans stay as they are. To rename NEW to OLD again takes it back.
    """
    _rename(setting, (old,), new, as_json)


@tags.command()
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@click.argument("into", metavar="INTO")
@JSON
@click.pass_obj
def merge(setting: Setting, words: tuple[str, ...], into: str, as_json: bool) -> None:
    """Make one of several keywords of captiond's: each WORD is called INTO from now on."""
    _rename(setting, words, into, as_json)


def _rename(setting: Setting, words: tuple[str, ...], into: str, as_json: bool) -> None:
    code = 0
    request = {"do": "rename", "words": list(words), "into": into}
    with Progress("writing") as progress:
        for answer in perform(setting.config, request):
            code = answer.get("exit", code)
            progress.answered(answer)
            if "file" in answer:
                _tell(answer["file"], as_json)
    sys.exit(code)


def _tell(file: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(file)
    elif error := file["error"]:
        click.echo(f"{file['path']}: {error['message']}; {error['hint']}")
    else:
        click.echo(f"{file['path']}: {', '.join(tag['name'] for tag in file['tags'])}")


def _holding(found: "list[Keyword]", words: tuple[str, ...]) -> "Iterator[Keyword]":
    from metadata.fold import fold

    wanted = [fold(word) for word in words]
    for each in found:
        if not wanted or any(word in fold(each.word) for word in wanted):
            yield each


def _json(each: "Keyword") -> dict[str, Any]:
    counts = {"files": each.files, "ours": each.ours, "human": each.human}
    return {"word": each.word, **counts, "above": list(each.above)}


def _row(each: "Keyword") -> tuple[str, ...]:
    counts = map(str, (each.files, each.ours or "", each.human or ""))
    return (each.word, *counts, " > ".join(each.above))
