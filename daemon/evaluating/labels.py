"""The labels of a folder: a CSV file, read as people and spreadsheets write it, nothing guessed."""

import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.toml_keys import ConfigError
from metadata.asset import shown

NAME = "labels.csv"
FILE, CAPTION, TAGS, LANGUAGE = COLUMNS = ("file", "caption", "tags", "language")
ENGLISH = "en"
_SEPARATORS = ",;\t"
_BETWEEN_TAGS = re.compile(r"[;,]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MOST_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Label:
    """What a human says of the file at *path*; an empty caption or no tags are not judged."""

    path: Path
    caption: str
    tags: tuple[str, ...]
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a folder, in the order of their lines, and what was left out, and why."""

    labels: tuple[Label, ...]
    problems: tuple[str, ...]


class _Row(Exception):
    """This one line cannot be used; the message says why."""


def read_labels(source: Path, folder: Path) -> Labels:
    """Read the labels of the files in *folder*; raises ConfigError where none can be used."""
    text = _text(source)
    head, rows = _rows(source, text)
    columns = _columns(source, head)
    found: dict[Path, Label] = {}
    problems: list[str] = []
    for number, cells in rows:
        try:
            label = _label(dict(zip(columns, cells, strict=False)), cells, len(head), folder)
            if label.path in found:
                raise _Row(f"{shown(label.path)} stands there twice; the first line counts")
        except _Row as error:
            problems.append(f"{shown(source)}, line {number}: {error}")
        else:
            found[label.path] = label
    if not found:
        told = "\n".join(problems[:10]) or f"{shown(source)} names no file"
        raise ConfigError(f"there is nothing to compare with:\n{told}")
    return Labels(tuple(found.values()), (*problems, *_notes(source, columns, [*found.values()])))


def _text(source: Path) -> str:
    try:
        with source.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ConfigError(
            f"{shown(source)} cannot be read: {error.strerror}; it lists file, caption and tags, "
            "or name another list with --labels"
        ) from error
    if len(raw) > _MOST_BYTES:
        raise ConfigError(f"{shown(source)} is no list of labels: it has over {_MOST_BYTES} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ConfigError(
            f"{shown(source)}, line {line}: not UTF-8; save it as “CSV UTF-8”"
        ) from error


def _rows(source: Path, text: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Give the header and the numbered lines below; a line may hold quoted line breaks."""
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)

    def numbered() -> Iterator[tuple[int, list[str]]]:
        while True:
            begins = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                told = f"{shown(source)}, line {begins}: {error}; put texts in double quotes"
                raise ConfigError(told) from error
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield begins, cells

    rows = numbered()
    _, head = next(rows, (1, []))
    return head, rows


def _columns(source: Path, head: Sequence[str]) -> list[str]:
    columns = [cell.strip().casefold() for cell in head]
    twice = sorted({name for name in columns if name in COLUMNS and columns.count(name) > 1})
    if twice:
        raise ConfigError(f"{shown(source)}, line 1: there are two columns {twice[0]!r}")
    if FILE not in columns or not {CAPTION, TAGS} & set(columns):
        missing = [name for name in (FILE, CAPTION, TAGS) if name not in columns]
        raise ConfigError(
            f"{shown(source)}, line 1: there is no column {' and none '.join(map(repr, missing))}; "
            f"the columns are {FILE}, {CAPTION}, {TAGS} and, where it is not English, {LANGUAGE}"
        )
    return columns


def _label(fields: dict[str, str], cells: Sequence[str], most: int, folder: Path) -> Label:
    if len(cells) > most:
        raise _Row("it has more fields than the first line; put texts in double quotes")
    language = fields.get(LANGUAGE, "").strip() or ENGLISH
    if not _LANGUAGE.fullmatch(language):
        raise _Row(f"{language!r} is no language; write a code such as en or pt-BR")
    return Label(
        path=_file(fields[FILE].strip(), folder),
        caption=" ".join(fields.get(CAPTION, "").split()),
        tags=_tags(fields.get(TAGS, "")),
        language=language,
    )


def _tags(cell: str) -> tuple[str, ...]:
    words = (" ".join(word.split()) for word in _BETWEEN_TAGS.split(cell))
    return tuple(dict.fromkeys(filter(None, words)))


def _file(name: str, folder: Path) -> Path:
    """Find a file of the folder, however its accents are encoded."""
    if not name:
        raise _Row("no file is named")
    if "\0" in name:
        raise _Row("a file name has no NUL in it")
    for form in (name, *(unicodedata.normalize(form, name) for form in ("NFC", "NFD"))):
        path = Path(os.path.normpath(folder / form))  # links may lead anywhere, names may not
        if not path.is_relative_to(folder):
            raise _Row(f"{shown(Path(name))} lies outside of {shown(folder)}")
        if path.is_file():
            return path
    raise _Row(f"there is no file {shown(Path(name))}")


def _notes(source: Path, columns: Sequence[str], labels: Sequence[Label]) -> Iterator[str]:
    """Say what is not judged because nobody labelled it."""
    judged = {
        CAPTION: sum(bool(label.caption) for label in labels),
        TAGS: sum(bool(label.tags) for label in labels),
    }
    for column, count in judged.items():
        if column not in columns:
            yield f"{shown(source)} has no column {column!r}: they are not judged"
        elif count < len(labels):
            left = len(labels) - count
            yield f"{shown(source)}: {left} of {len(labels)} lines leave {column!r} empty"
