"""How far a command is that does something to many files: a bar on a terminal, words on stderr."""

import sys
from collections.abc import Mapping
from typing import Any, Self

import click

from daemon.cli.setting import said


class Progress:
    """A progress bar on a terminal, and nothing anywhere else; *ended* counts files."""

    def __init__(self, label: str) -> None:
        self._label = label
        self.ended = 0
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def answered(self, answer: Mapping[str, Any]) -> None:
        """Take in an answer of the daemon; what it says to people goes to stderr."""
        if "progress" in answer:
            self.moved(*answer["progress"])
        if says := said(answer):
            click.echo(f"captiond: {says}", err=True)

    def moved(self, ended: int, of: int) -> None:
        """Show that *ended* files of *of* have ended."""
        self.ended = ended
        if not sys.stderr.isatty() or not of:
            return
        if self._bar is None:
            self._bar = click.progressbar(length=of, label=self._label, file=sys.stderr)
        self._bar.length = of
        self._bar.update(ended - self._bar.pos)
