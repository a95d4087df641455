"""The documents are true: help texts, commands, configuration keys and links."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from daemon.cli import main
from daemon.config import Config, EngineChoice, Folder, Web

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def commands(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield f"{context.command_path} {name}"
        if isinstance(found, click.Group):
            yield from commands(found, click.Context(found, context, name))


COMMANDS = sorted(commands(main, click.Context(main, info_name="captiond")))


def test_the_help_texts_are_true() -> None:
    checked = subprocess.run(
        [ROOT / "scripts/help", "--check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_and_says_what_it_does(command: str) -> None:
    assert f"<!-- help:{command} -->" in README
    found: click.Command = main
    for name in command.split()[1:]:
        assert isinstance(found, click.Group)
        found = found.commands[name]
    assert found.help, "a command without help"
    for option in found.params:
        assert not isinstance(option, click.Option) or option.help, f"{option.name} without help"


def test_the_readme_has_no_command_that_is_not_there() -> None:
    assert set(re.findall(r"<!-- help:([a-z ]+) -->", README)) == {"captiond", *COMMANDS}


def shown_commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line.removeprefix("sudo ") for line in lines if line]


@pytest.mark.parametrize("line", shown_commands())
def test_the_commands_that_the_readme_shows_exist(line: str) -> None:
    program, *words = line.split()
    if program != ".venv/bin/captiond":
        assert (ROOT / program).stat().st_mode & 0o111, f"{program} cannot be run"
        return
    command: click.Command = main
    while words and isinstance(command, click.Group) and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    assert command is not main
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("values", [Config, Folder, EngineChoice, Web])
def test_every_configuration_key_is_documented(values: type) -> None:
    text = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    keys = {field.name for field in fields(values)} - {"source", "engine", "web", "folders"}
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`\n]+`", text))))
    missing = keys - named
    assert not missing, f"docs/configuration.md does not explain {sorted(missing)}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8"))
    files = [link for link in links if not link.startswith("http")]
    assert [link for link in files if not (document.parent / link).exists()] == []


def test_the_documents_that_messages_name_are_there() -> None:
    named = {
        name
        for package in ("daemon", "metadata", "prompts")
        for path in (ROOT / package).rglob("*.py")
        for name in re.findall(r"\bdocs/\w+\.md\b", path.read_text(encoding="utf-8"))
    }
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
