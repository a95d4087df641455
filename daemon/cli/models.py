"""`captiond models`: which models there are, what of them is here, how they get here whole."""

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from daemon.cli.setting import NOT_READY, Setting, print_json

if TYPE_CHECKING:
    from daemon.engines.profiles import Model
    from daemon.hub.pulling import Plan, Puller

SOME_FAILED = 1
NAMES = click.argument("names", nargs=-1, metavar="[PROFILE|MODEL[@REVISION]...]")
JSON_LINES = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON line for each model."
)


@click.group()
def models() -> None:
    """List, download and check the models that captiond can describe with."""


@models.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def list_models(setting: Setting, as_json: bool) -> None:
    """List profiles and models: needs, licences, and what of them is here."""
    from daemon.cli.shelves import inventory_plain, inventory_text
    from daemon.hub.inventory import inventory

    told = inventory(setting.config)
    if as_json:
        print_json(inventory_plain(told))
    else:
        click.echo(inventory_text(told))


@models.command()
@NAMES
@click.option("--dry-run", is_flag=True, help="Show what would come, and download nothing.")
@JSON_LINES
@click.pass_obj
def pull(setting: Setting, names: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Download models into the Hugging Face cache, or mend what is damaged there.

    A pull that was cut off goes on where it was. Every file is checked against its checksum.
    """
    from daemon.cli.bar import Bar
    from daemon.engines.cached import hub_folder
    from daemon.hub.account import Account
    from daemon.hub.client import Hub
    from daemon.hub.inventory import asked_for, refuse_folders
    from daemon.hub.pulling import Puller

    wanted = asked_for(names, setting.config)
    refuse_folders(wanted, setting.config)
    account = Account.of()
    with Bar() as bar:
        puller = Puller(Hub(account), account, hub_folder(), bar)
        answers = _planned(wanted, puller) if dry_run else _pulled(wanted, puller)
        states = [_print(answer, as_json) for answer in answers]
    failed = states.count("failed")
    sys.exit(0 if not failed else NOT_READY if failed == len(states) else SOME_FAILED)


@models.command()
@NAMES
@JSON_LINES
@click.pass_obj
def verify(setting: Setting, names: tuple[str, ...], as_json: bool) -> None:
    """Check every file of the models that are here against its checksum, without the hub.

    Without a name, everything that captiond knows of is checked, as far as it is here.
    """
    from daemon.cli.bar import Bar
    from daemon.engines.cached import hub_folder
    from daemon.hub.inventory import asked_for, every_model

    config = setting.config
    wanted = asked_for(names, config) if names else every_model(config)
    with Bar() as bar:
        found = _verified(wanted, setting, bar)
        told = [told for told in found if names or told["state"] != "missing"]
        states = [_print(answer, as_json) for answer in told]
    if not states:
        click.echo(f"captiond: no models are in {hub_folder()}", err=True)
    sys.exit(SOME_FAILED if "damaged" in states else NOT_READY if "missing" in states else 0)


def _plans(wanted: "tuple[Model, ...]", puller: "Puller") -> "list[Plan | dict[str, Any]]":
    """Plan each model, and say what it costs; what cannot be planned is told."""
    from daemon.cli.shelves import failed_plain, plan_lines
    from daemon.hub import HubError

    plans: list[Plan | dict[str, Any]] = []
    for model in wanted:
        try:
            plans.append(plan := puller.plan(model))
        except HubError as error:
            plans.append(failed_plain(model, str(error)))
        else:
            for line in plan_lines(plan):
                puller.progress.says(line)
    return plans


def _planned(wanted: "tuple[Model, ...]", puller: "Puller") -> Iterator[dict[str, Any]]:
    from daemon.cli.shelves import plan_plain

    plans = _plans(wanted, puller)
    for plan in plans:
        yield plan if isinstance(plan, dict) else plan_plain(plan, "planned", 0)
    puller.check_room([plan for plan in plans if not isinstance(plan, dict)])


def _pulled(wanted: "tuple[Model, ...]", puller: "Puller") -> Iterator[dict[str, Any]]:
    """Pull each model, the next one also where one failed; without room for all of them none."""
    from daemon.cli.shelves import failed_plain, plan_plain
    from daemon.hub import HubError

    plans = _plans(wanted, puller)
    puller.check_room([plan for plan in plans if not isinstance(plan, dict)])
    for plan in plans:
        if isinstance(plan, dict):
            yield plan
            continue
        try:
            yield plan_plain(plan, "whole", puller.pull(plan))
        except HubError as error:
            yield failed_plain(plan.model, str(error))


def _verified(wanted: "tuple[Model, ...]", setting: Setting, bar: Any) -> Iterator[dict[str, Any]]:
    from daemon.cli.shelves import missing_plain, verdict_plain
    from daemon.engines import EngineMissing
    from daemon.engines.cached import hub_folder, located
    from daemon.engines.modelled import base_folder
    from daemon.hub.verifying import verify as verified

    for model in wanted:
        try:
            found = located(model, base_folder(setting.config))
        except EngineMissing as error:
            yield missing_plain(model, str(error))
        else:
            yield verdict_plain(verified(found, hub_folder(), bar))


def _print(answer: Mapping[str, Any], as_json: bool) -> str:
    """Print what became of one model; gives its state."""
    if as_json:
        print_json(answer)
    elif answer["state"] in ("failed", "missing"):
        click.echo(f"captiond: {answer['says']}", err=True)
    else:
        click.echo(answer["says"])
    return str(answer["state"])
