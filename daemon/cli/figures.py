"""Statistics as people read them: a table of files, the sums of a batch, what one file cost."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from typing import Any

from daemon.cli.table import near, table
from daemon.figures import AT_TEMPERATURE, TRANSLATING, Figures, Sums, models_of, summed
from metadata.asset import MediaKind
from metadata.stats import Tokens

MB = 1_000_000
COST_COLUMNS = (
    "model", "bytes", "width", "height", "duration_s", "fps", "frames", "tokens_in", "tokens_out",
    "described_s", "seconds",
)  # fmt: skip


def files_table(files: Sequence[Figures]) -> str:
    """Give one line for each file; columns that would be empty are left out."""
    head = (
        "file", "MB", "pixels", "length s", "fps", "frames", "tokens in", "out",
        "described s", "in all s", "state",
    )  # fmt: skip
    rows = [tuple(_cells(file)) for file in files]
    filled = [any(column) for column in zip(*rows, strict=True)]
    return table(tuple(compress(head, filled)), [tuple(compress(row, filled)) for row in rows])


def batch_text(
    files: Sequence[Figures], begun: str, wall_s: float, temperature: float
) -> Iterator[str]:
    """Sum up a batch that was *begun* at a time (UTC) and took *wall_s* seconds by the clock."""
    kinds = [MediaKind.IMAGE, MediaKind.VIDEO]
    columns = [summed([f for f in files if f.kind is kind], begun) for kind in kinds]
    every = summed(files, begun)
    columns.append(every)
    yield table(("", "images", "videos", "all"), [*_rows(columns)])
    yield ""
    for engine, model in models_of(files):
        yield f"model: {spelled_model(engine, model, temperature)}"
    if every.described:
        each = wall_s / every.described
        spoke = f", {every.tokens.completion / wall_s:.1f} tokens/s" if every.tokens else ""
        yield f"{every.described} described in {wall_s:.3f} s: {each:.3f} s each{spoke}"


def cost_lines(file: Mapping[str, Any], temperature: float) -> Iterator[str]:
    """Say for `show` what one file cost; nothing where that is not known."""
    figures = Figures.of(file)
    if figures.size is not None:
        yield f"size: {_mb(figures.size)} MB"
    if figures.frames is not None:
        yield f"frames: {figures.frames}"
    if not figures.seconds:
        return
    yield f"seconds: {', '.join(f'{stage} {took:.3f}' for stage, took in figures.seconds.items())}"
    yield f"described in {figures.described_s:.3f} s, with translations {figures.took_s:.3f} s"
    if figures.tokens:
        yield f"tokens: {spelled_tokens(figures.tokens)}"
    if figures.made_by and figures.made_by[0] in AT_TEMPERATURE:
        yield f"temperature: {temperature:g}"


def cost_cells(file: Mapping[str, Any]) -> tuple[str | int | float | None, ...]:
    """Give what a table for other programs has of one file, by COST_COLUMNS."""
    figures = Figures.of(file)
    tokens, known = figures.tokens, bool(figures.seconds)
    return (
        figures.made_by and figures.made_by[1],
        figures.size,
        figures.width,
        figures.height,
        figures.duration_s,
        figures.fps,
        figures.frames,
        tokens.prompt if tokens else None,
        tokens.completion if tokens else None,
        round(figures.described_s, 3) if known else None,
        round(figures.took_s, 3) if known else None,
    )


def spelled_model(engine: str, model: str, temperature: float) -> str:
    """Name a model, with its temperature where it is asked at one."""
    return f"{model}, temperature {temperature:g}" if engine in AT_TEMPERATURE else model


def spelled_tokens(tokens: Tokens) -> str:
    """Say how many tokens went in and came out."""
    return f"{tokens.prompt} in, {tokens.completion} out"


def _cells(file: Figures) -> Iterator[str]:
    yield near(file.path)
    yield _mb(file.size) if file.size is not None else ""
    yield f"{file.width}x{file.height}" if file.width and file.height else ""
    yield f"{file.duration_s:.1f}" if file.duration_s is not None else ""
    yield f"{file.fps:.3g}" if file.fps is not None else ""
    yield str(file.frames) if file.frames is not None else ""
    yield str(file.tokens.prompt) if file.tokens else ""
    yield str(file.tokens.completion) if file.tokens else ""
    yield f"{file.described_s:.3f}" if file.seconds else ""
    yield f"{file.took_s:.3f}" if TRANSLATING in file.seconds else ""
    yield file.state if file.failed else ""


def _rows(columns: Sequence[Sums]) -> Iterator[tuple[str, ...]]:
    """Give the lines in which any column has something to say; the last column sums up all."""
    yield from _row("files described", [str(sums.described) for sums in columns])
    yield from _row("known before", [str(sums.known) for sums in columns])
    yield from _row("failed", [str(sums.failed) for sums in columns])
    for stage in sorted(columns[-1].seconds):
        yield from _row(f"seconds {stage}", [_seconds(sums.seconds.get(stage)) for sums in columns])
    yield from _row("seconds at work", [_seconds(sums.took_s or None) for sums in columns])
    yield from _row("seconds each", [_seconds(sums.each_s) for sums in columns])
    tokens = [sums.tokens for sums in columns]
    yield from _row("tokens in", [str(each.prompt) if each else "" for each in tokens])
    yield from _row("tokens out", [str(each.completion) if each else "" for each in tokens])


def _row(name: str, cells: Sequence[str]) -> Iterator[tuple[str, ...]]:
    if any(cell not in ("", "0") for cell in cells):
        yield (name, *cells)


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.3f}"


def _mb(size: int) -> str:
    return f"{size / MB:.2f}"
