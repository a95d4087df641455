"""What every command starts from: the configuration, and how errors become exit codes."""

import contextlib
import json
import logging
import os
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import click

from daemon.config import Config, load
from daemon.toml_keys import ConfigError

MISUSED = 2
NOT_READY = 3
HELD = 75
BROKEN_PIPE = 141
STARTING_S = (0.2, 0.5, 1.0, 2.0)


class Setting:
    """The configuration, read when a command first asks for it; `--help` never does."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._config: Config | None = None

    @property
    def path(self) -> Path | None:
        """Give the file named with --config."""
        return self._path

    @property
    def config(self) -> Config:
        """Give the configuration; raises ConfigError."""
        if self._config is None:
            self._config = load(self._path)
        return self._config


class Told(click.Group):
    """A group that turns the three families of errors into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which a person comes to need them."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors that a person can act on end it with their code."""
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            end(str(error), MISUSED)
        except BrokenPipeError:
            # whoever read our output has left, as `| head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(BROKEN_PIPE)
        except Exception as error:
            code = _exit_code(error)
            if code is None:
                raise
            end(str(error), code)


def end(message: str, code: int) -> NoReturn:
    """Say *message* on stderr and leave."""
    click.echo(f"captiond: {message}", err=True)
    sys.exit(code)


def _exit_code(error: Exception) -> int | None:
    """Map what the environment may lack to an exit code; anything else is a defect of ours."""
    from daemon.control import ControlError, Held
    from daemon.engines import EngineError
    from metadata.database import StorageError

    if isinstance(error, Held):
        return HELD
    if isinstance(error, EngineError | ControlError | StorageError):
        return NOT_READY
    return None


def log_to_stderr(level: int = logging.INFO) -> None:
    """Write the log where systemd and terminals expect it."""
    from daemon.logs import handler

    logging.basicConfig(level=level, handlers=[handler()])


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON document on one line."""
    click.echo(json.dumps(value, ensure_ascii=False))


def absolute(paths: tuple[str, ...]) -> list[str]:
    """Make paths that the user gave absolute, without following links; bytes stay what they are."""
    return [os.path.abspath(path) for path in paths]  # noqa: PTH100 - Path.resolve follows links


def perform(config: Config, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Have a running captiond do *request*, or do it here when none runs; yields the answers."""
    from daemon.control import Held, NobodyHome, ask
    from daemon.service import perform_here

    for patience_s in STARTING_S:
        with contextlib.suppress(NobodyHome):
            yield from ask(config.state_dir, request)
            return
        with contextlib.suppress(Held):
            log_to_stderr(logging.ERROR)
            yield from perform_here(config, request)
            return
        # another captiond holds the state and does not listen yet, or no longer
        time.sleep(patience_s)
    yield from perform_here(config, request)


def said(answer: Mapping[str, Any]) -> str | None:
    """Give what an answer says to people: a word on the way, or why the request was refused."""
    refused = answer.get("error")
    return refused["message"] if refused else answer.get("says")
