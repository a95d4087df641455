"""How far a long errand is: a bar on a terminal, and lines on stderr everywhere."""

import sys
from typing import Any, Self

import click


class Bar:
    """Shows bytes on a terminal as they come; elsewhere only what is said."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def begins(self, what: str, total: int) -> None:
        """Begin a bar for *total* bytes of *what*, where there is a terminal."""
        self._end()
        if sys.stderr.isatty() and total:
            self._bar = click.progressbar(
                length=total, label=what, file=sys.stderr, update_min_steps=max(total // 1000, 1)
            )

    def moved(self, count: int) -> None:
        """Go on by *count* bytes, or back."""
        if self._bar is not None:
            self._bar.update(count)

    def says(self, line: str) -> None:
        """Write a line on stderr."""
        if self._bar is not None:
            click.echo(err=True)
        click.echo(line, err=True)

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None
