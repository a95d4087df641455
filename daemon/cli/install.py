"""`captiond doctor`, `config` and `service`: what works, what was decided, how it is run."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daemon.cli.setting import NOT_READY, Setting, print_json
from daemon.cli.table import table
from daemon.toml_keys import ConfigError

if TYPE_CHECKING:
    from daemon.unit import Scope


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def doctor(setting: Setting, as_json: bool) -> None:
    """Tell what works, what does not, and what to do."""
    from daemon.doctor import as_json as document
    from daemon.doctor import doctor as examine

    checks = examine(setting.config)
    told = document(checks)
    if as_json:
        print_json(told)
    else:
        marks = {True: "ok", False: "FAILS", None: "note"}
        rows = [(marks[c.ok], c.name, c.says + (f" -> {c.do}" if c.do else "")) for c in checks]
        click.echo(table(("", "what", "how it stands"), rows, width=10_000))
    sys.exit(0 if told["ok"] else NOT_READY)


@click.group()
def config() -> None:
    """Show or begin the configuration."""


@config.command()
@click.pass_obj
def show(setting: Setting) -> None:
    """Print what is in force, from file, environment and defaults, as JSON."""
    from daemon.config import as_plain

    click.echo(json.dumps(as_plain(setting.config), ensure_ascii=False, indent=2))


@config.command()
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
@click.pass_obj
def init(setting: Setting, force: bool) -> None:
    """Write a configuration with every key and its default, to begin with."""
    from daemon.config import default_places
    from daemon.starter import STARTER

    place = setting.path or default_places()[0]
    if place.exists() and not force:
        raise ConfigError(f"{place} is there already; say --force to overwrite it")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(STARTER, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{place} cannot be written: {error.strerror}") from error
    click.echo(f"wrote {place}; name your hot folders in it")


@click.group()
def service() -> None:
    """Install captiond as a systemd service."""


SCOPE = click.option(
    "--user/--system", "for_user", default=None, help="For you alone, or for the whole machine."
)
ROOT = click.option(
    "--root",
    type=click.Path(path_type=Path),
    default="/",
    metavar="DIR",
    help="Work below DIR instead of /, for packages and images.",
)


@service.command(name="print")
@SCOPE
@click.pass_obj
def print_unit(setting: Setting, for_user: bool | None) -> None:
    """Print the unit that `install` would write."""
    from daemon.unit import Program, unit_text

    click.echo(unit_text(setting.config, _scope(for_user), Program.own()), nl=False)


@service.command()
@SCOPE
@ROOT
@click.pass_obj
def install(setting: Setting, for_user: bool | None, root: Path) -> None:
    """Write the unit, make what it needs, and tell how to start it."""
    from daemon.install import next_steps, taken, to_install

    scope = _scope(for_user)
    for step in taken(to_install(setting.config, scope, root)):
        click.echo(f"done: {step}")
    for line in next_steps(setting.config, scope):
        click.echo(line)


@service.command()
@SCOPE
@ROOT
@click.pass_obj
def uninstall(setting: Setting, for_user: bool | None, root: Path) -> None:
    """Stop the service and remove its unit; what it knows stays."""
    from daemon.install import left_behind, taken, to_uninstall

    scope = _scope(for_user)
    for step in taken(to_uninstall(scope, root)):
        click.echo(f"done: {step}")
    click.echo(left_behind(setting.config, scope))


def _scope(for_user: bool | None) -> "Scope":
    """Take what was said; unsaid, root installs for the machine and anyone else for themselves."""
    from daemon.unit import Scope

    user = os.geteuid() != 0 if for_user is None else for_user
    return Scope.USER if user else Scope.SYSTEM
