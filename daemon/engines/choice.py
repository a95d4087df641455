"""Which engine describes, and why; found out without loading it."""

import hashlib
import importlib.metadata
import importlib.resources
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from daemon.config import Config
from daemon.engines import EngineError
from metadata.asset import Asset


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine that is used: its name, its model with version, what it speaks, and the reason.

    *languages* are those configured that the engine can say something in, *unspoken* the others.
    """

    name: str
    model: str
    languages: tuple[str, ...]
    unspoken: tuple[str, ...]
    why: str


def choose(config: Config) -> Choice:
    """Pick the engine that the configuration asks for; raises EngineError when it is not here."""
    use = config.engine.use
    if use not in ("auto", "builtin"):
        raise EngineError(
            f'engine.use = "{use}" is not part of this version; take "auto" or "builtin"'
        )
    why = "asked for by engine.use" if use == "builtin" else "no other engine in this version"
    catalogs = builtin_languages()
    spoken = tuple(lang for lang in config.languages if _catalog(lang) in catalogs)
    unspoken = tuple(lang for lang in config.languages if lang not in spoken)
    return Choice("builtin", builtin_model(), spoken, unspoken, why)


def description_key(asset: Asset, choice: Choice, tasks: Sequence[str]) -> str:
    """Name the description that *asset* gets: equal keys, equal words.

    The capture facts stand beside the content because captions quote them: a copy with another
    date must not inherit the first one's.
    """
    facts = (asset.taken_at, asset.camera, asset.latitude, asset.longitude, asset.companion)
    made = (choice.model, tasks, choice.languages)
    return hashlib.sha256(msgspec.json.encode((asset.content, facts, made))).hexdigest()


def builtin_model() -> str:
    """Name the builtin engine with its version, which is the package's."""
    return f"builtin@{importlib.metadata.version('captiond')}"


def builtin_languages() -> Sequence[str]:
    """List the languages that have a message catalog."""
    catalogs = importlib.resources.files("daemon.engines").joinpath("builtin/catalogs")
    return sorted(f.name.removesuffix(".ftl") for f in catalogs.iterdir() if f.name[-4:] == ".ftl")


def _catalog(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
