"""The command line: each command parses, calls one function and prints."""

from pathlib import Path

import click

from daemon.cli.evaluate import evaluate
from daemon.cli.find import export, search, show
from daemon.cli.install import config, doctor, service
from daemon.cli.models import models
from daemon.cli.prompts import prompts
from daemon.cli.queue import jobs, redo, reindex, retry, status, undo
from daemon.cli.setting import Setting, Told
from daemon.cli.tags import tags
from daemon.cli.work import process, run

__all__ = ["main"]


@click.group(cls=Told, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config_path",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Read this configuration instead of the user's or the system's.",
)
@click.version_option(package_name="captiond", prog_name="captiond")
@click.pass_context
def main(context: click.Context, config_path: Path | None) -> None:
    """Caption, tag and index the images and videos that land in your folders.

    Exit codes: 0 all done, 1 some files failed, 2 usage or configuration, 3 engine or environment
    not ready, 75 another captiond holds the state.
    """
    context.obj = Setting(config_path)


for command in (
    run, process, search, show, status, jobs, retry, redo, undo,
    reindex, export, tags, models, prompts, evaluate, doctor, config, service,
):  # fmt: skip
    main.add_command(command)
