"""`captiond prompts`: what models are asked, and what one answers to one question."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from daemon.cli.setting import Setting, absolute, perform, print_json, said
from daemon.cli.table import table

MISUSED = 2
PATH = click.Path(path_type=str)


@click.group()
def prompts() -> None:
    """Show and try what models are asked."""


@prompts.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each prompt.")
@click.pass_obj
def list_prompts(setting: Setting, as_json: bool) -> None:
    """List the prompts, captiond's and your own, and which of them are asked."""
    from daemon.wordings import listed, why_unasked

    every = listed(setting.config)
    for each in every if as_json else ():
        print_json(each)
    if not as_json:
        head = ("prompt", "asked", "task", "kinds", "version", "from")
        click.echo(table(head, map(_row, every)))
        for says in (*(each["error"] for each in every), why_unasked(setting.config)):
            if says:
                click.echo(f"captiond: {says}", err=True)
    sys.exit(MISUSED if any(each["error"] and each["asked"] for each in every) else 0)


@prompts.command(name="show")
@click.argument("prompt")
@click.option("--for", "file", type=PATH, metavar="FILE", help="About this file, not an example.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def show_prompt(setting: Setting, prompt: str, file: str | None, as_json: bool) -> None:
    """Print PROMPT as a model gets it, filled with what is known of an example."""
    from daemon.wordings import shown_for

    told = shown_for(setting.config, prompt, absolute((file,))[0] if file else None)
    if as_json:
        print_json(told)
    else:
        click.echo(told["text"])


@prompts.command(name="try")
@click.argument("prompt")
@click.argument("file", type=PATH)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def try_prompt(setting: Setting, prompt: str, file: str, as_json: bool) -> None:
    """Ask the engine PROMPT about FILE, and print the answer; nothing is written."""
    code = 0
    request = {"do": "try", "prompt": prompt, "paths": absolute((file,))}
    for answer in perform(setting.config, request):
        code = answer.get("exit", code)
        if says := said(answer):
            click.echo(f"captiond: {says}", err=True)
        if tried := answer.get("tried"):
            _print_tried(tried, as_json)
    sys.exit(code)


def _print_tried(tried: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(tried)
        return
    click.echo(tried["reply"])
    click.echo("")
    for name, value in _notes(tried):
        click.echo(f"{name}: {value}")


def _notes(tried: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Tell what the answer cost, and what is believed of it."""
    yield "prompt", tried["prompt"]
    yield "model", tried["model"]
    if not tried["whole"]:
        yield "cut off", f"after {tried['max_tokens']} tokens, the most that it may have"
    if tokens := tried["tokens"]:
        yield "tokens", f"{tokens['prompt']} read, {tokens['completion']} written"
    yield "seconds", ", ".join(f"{name} {s:.2f}" for name, s in tried["seconds"].items())
    if tried["error"]:
        yield "not believed", tried["error"]
    for name, value in (tried["believed"] or {}).items():
        yield f"believed as {name}", json.dumps(value, ensure_ascii=False)


def _row(told: Mapping[str, Any]) -> tuple[str, ...]:
    asked = "yes" if told["asked"] else "no"
    if told["error"]:
        return told["name"], asked, "", "", "cannot be used", ""
    version, folder = told["version"].rpartition("@")[2], str(Path(told["path"]).parent)
    return told["name"], asked, told["task"], ", ".join(told["kinds"]), version, folder
