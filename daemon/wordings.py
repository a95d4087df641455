"""The prompts that there are, captiond's and a user's, as `captiond prompts` tells of them."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from daemon.chosen import chosen_before
from daemon.config import Config
from daemon.context import Known, recalled
from daemon.engines import EngineError
from daemon.engines.profiles import PROMPTED
from daemon.questions import Asking, only_words
from daemon.reach import media_of
from daemon.stores import INDEX_NAME
from daemon.toml_keys import ConfigError
from metadata.asset import Asset, MediaKind, Stat, shown
from metadata.database import MissingDatabase
from metadata.description import Description, Fact, Look
from metadata.formats import is_sidecar
from metadata.search import IndexReader
from prompts import OURS, PREAMBLE

_NOTHING: dict[str, Any] = {
    "name": None, "asked": False, "task": None, "kinds": [], "version": None, "path": None,
    "error": None,
}  # fmt: skip
_EXAMPLE = Known(
    Asset(
        path=Path("/pictures/Summer in Lisbon/IMG_0042.jpg"),
        kind=MediaKind.IMAGE,
        format="jpeg",
        content="",
        stat=Stat(0, 0, 0, 0, 0),
        width=6000,
        height=4000,
        taken_at="2024-07-03T18:20:11+02:00",
        camera="NIKON Z 6",
    ),
    Description(look=Look(facts=(Fact("place", "Lisbon, Portugal", "metadata"),))),
    author="Ann Roe",
)


def listed(config: Config) -> list[dict[str, Any]]:
    """List every prompt, captiond's first: where it is, its version, and whether it is asked.

    One that cannot be used has an ``error``; only what is asked must be free of it.
    """
    words = only_words(config)
    asking = Asking(config, words)
    left_out = {Path(PREAMBLE).stem, *(() if words else ("tags-only",))}
    return [_told(config, asking, name) for name in _names(config) if name not in left_out]


def why_unasked(config: Config) -> str | None:
    """Say why no model is asked anything; None where one is, or where a prompt is in the way."""
    try:
        choice = chosen_before(config)
    except EngineError as error:
        return f"no model is asked: {error}"
    except ConfigError:
        return None
    viewed = choice.viewer(MediaKind.IMAGE)
    return None if viewed else f"no model is asked: the engine is {choice.name} ({choice.why})"


def shown_for(config: Config, name: str, path: str | None) -> dict[str, Any]:
    """Spell the prompt *name* as a model gets it, about the file at *path*, or about an example.

    Raises ConfigError where there is no such prompt, or nothing is known of the file.
    """
    asking = Asking(config, only_words(config))
    prompt = asking.prompt(name)
    known = _recalled(config, Path(path), prompt.task) if path else _EXAMPLE
    question = asking.about(prompt, known)
    return {
        "name": name,
        "version": prompt.version,
        "path": shown(prompt.path),
        "task": prompt.task,
        "kinds": list(prompt.kinds),
        "answer": prompt.answer,
        "max_tokens": question.max_tokens,
        "choices": list(question.choices),
        "text": question.whole,
    }


def _told(config: Config, asking: Asking, name: str) -> dict[str, Any]:
    try:
        prompt = asking.prompt(name)
        asked = prompt.task in config.tasks and asking.prompt_for(prompt.task).name == name
    except ConfigError as error:
        return {**_NOTHING, "name": name, "asked": name in config.tasks, "error": str(error)}
    return {
        **_NOTHING,
        "name": name,
        "asked": asked,
        "task": prompt.task,
        "kinds": list(prompt.kinds),
        "version": prompt.version,
        "path": shown(prompt.path),
    }


def _names(config: Config) -> Iterator[str]:
    """Name the prompts in the order in which they are asked, then what else lies in the folders."""
    yield from PROMPTED
    folders = [OURS, *([Path(config.prompts_dir)] if config.prompts_dir else [])]
    others = {path.stem for folder in folders for path in folder.glob("*.md")}
    yield from sorted(others - {*PROMPTED})


def _recalled(config: Config, path: Path, task: str) -> Known:
    media = next(iter(media_of(path)), path) if is_sidecar(path) else path
    try:
        with closing(IndexReader.open(config.state_dir / INDEX_NAME)) as index:
            record = index.get(media)
    except MissingDatabase:
        record = None
    if record is None:
        raise ConfigError(
            f"{shown(media)}: nothing is known of it yet; run `captiond process` on it first"
        )
    said = record.description
    said = said if task == "summary" else replace(said, caption={})
    return recalled(record, said, config.engine.owner_words)
