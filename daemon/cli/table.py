"""Plain tables for terminals; widths are those of the characters as a terminal draws them."""

import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[str]], width: int | None = None) -> str:
    """Lay out *rows* below *head*; the last column is cut where the line would be too long."""
    lines = [list(head), *map(list, rows)]
    widths = [max(map(_wide, column)) for column in zip(*lines, strict=True)]
    most = width or shutil.get_terminal_size((100, 24)).columns
    widths[-1] = max(10, min(widths[-1], most - sum(widths[:-1]) - 2 * (len(widths) - 1)))
    drawn = ["  ".join(map(_padded, line, widths)).rstrip() for line in lines]
    return "\n".join([drawn[0], "-" * min(most, sum(widths) + 2 * (len(widths) - 1)), *drawn[1:]])


def summary_table(files: Sequence[Mapping[str, Any]]) -> str:
    """Sum up what was done: files by state, seconds by stage, seconds for one file."""
    states: dict[str, int] = {}
    seconds: dict[str, float] = {}
    for file in files:
        states[file["state"]] = states.get(file["state"], 0) + 1
        for stage, spent in ((file["stats"] or {}).get("seconds") or {}).items():
            seconds[stage] = seconds.get(stage, 0.0) + spent
    rows = [("files", state, str(number)) for state, number in sorted(states.items())]
    rows += [("seconds", stage, f"{spent:.3f}") for stage, spent in seconds.items()]
    each = sum(seconds.values()) / len(files) if files else 0.0
    return table(("what", "of", "sum"), [*rows, ("seconds", "each file", f"{each:.3f}")])


def _padded(text: str, width: int) -> str:
    cut = text
    while _wide(cut) > width:
        cut = cut[:-2] + "…"
    return cut + " " * (width - _wide(cut))


def _wide(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
