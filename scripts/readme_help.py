"""Keep the --help texts in the README true: each stands between a marker and the end marker."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from daemon.cli import main as captiond

README = Path(__file__).parent.parent / "README.md"
WIDTH = 88
BLOCK = re.compile(r"<!-- help:(?P<name>[a-z ]+) -->\n.*?<!-- /help -->", re.DOTALL)


def commands(
    command: click.Command, parent: click.Context | None = None
) -> Iterator[click.Context]:
    """Walk through *command* and every command below it."""
    name = command.name if parent else "captiond"
    context = click.Context(command, parent, name, terminal_width=WIDTH, max_content_width=WIDTH)
    yield context
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found and not found.hidden:
                yield from commands(found, context)


def block(name: str, text: str) -> str:
    """Spell one help text as the README holds it."""
    return f"<!-- help:{name} -->\n```text\n{text}\n```\n<!-- /help -->"


def rewritten(readme: str) -> str:
    """Put the present help texts into the blocks of *readme*; raises KeyError by command name."""
    texts = {context.command_path: context.get_help() for context in commands(captiond)}
    missing = set(texts) - {match["name"] for match in BLOCK.finditer(readme)}
    if missing:
        raise KeyError(", ".join(sorted(missing)))
    return BLOCK.sub(lambda match: block(match["name"], texts[match["name"]]), readme)


def main(arguments: list[str]) -> int:
    """Write the README, or with ``--check`` compare; exit 1 when something is not true."""
    old = README.read_text(encoding="utf-8")
    try:
        new = rewritten(old)
    except KeyError as wrong:
        print(f"README.md and captiond do not have the same commands: {wrong.args[0]}")
        return 1
    if "--check" not in arguments:
        README.write_text(new, encoding="utf-8")
    elif new != old:
        print("the --help texts in README.md are not true any more; run ./scripts/help")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
