"""Plain tables for terminals; widths are those of the characters as a terminal draws them."""

import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

NARROWEST = 12
_NO_WIDTH = ("Mn", "Me", "Cf")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], width: int | None = None) -> str:
    """Lay out *rows* below *head*; where a line would be too long, the widest cells are wrapped."""
    lines = [list(head), *map(list, rows)]
    most = width or shutil.get_terminal_size((100, 24)).columns
    widths = _fitted([max(map(_wide, column)) for column in zip(*lines, strict=True)], most)
    head_lines, *row_lines = [list(_laid_out(line, widths)) for line in lines]
    rule = "-" * _total(widths)
    return "\n".join([*head_lines, rule, *(part for laid in row_lines for part in laid)])


def near(path: str) -> str:
    """Name a file below the present folder as one types it here."""
    return path.removeprefix(f"{Path.cwd()}/")


def _fitted(widths: list[int], most: int) -> list[int]:
    """Narrow the widest columns until a line is no longer than *most*."""
    fitted = list(widths)
    while _total(fitted) > most and max(fitted) > NARROWEST:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + 2 * (len(widths) - 1)


def _laid_out(line: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    cells = [list(_wrapped(text, wide)) for text, wide in zip(line, widths, strict=True)]
    for parts in zip_longest(*cells, fillvalue=""):
        padded = (
            part + " " * (wide - _wide(part)) for part, wide in zip(parts, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Break *text* after white space or a slash, and inside a word only where it must be."""
    if _wide(text) <= width:
        yield text
        return
    line = ""
    for piece in _pieces(text, width):
        if line and _wide(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece
    yield line.rstrip()


def _pieces(text: str, width: int) -> Iterator[str]:
    for word in re.findall(r"[^\s/]*[\s/]+|[^\s/]+", text):
        while _wide(word.rstrip()) > width:
            cut = next(n for n in range(len(word), 0, -1) if _wide(word[:n]) <= width or n == 1)
            yield word[:cut]
            word = word[cut:]
        yield word


def _wide(text: str) -> int:
    return sum(
        0
        if unicodedata.category(c) in _NO_WIDTH
        else 2
        if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in text
    )
