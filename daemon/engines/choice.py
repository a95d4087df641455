"""Which engine describes, and why; found out without loading it."""

import hashlib
import importlib.metadata
import importlib.resources
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec

import msgspec

from daemon.config import Config
from daemon.engines import EngineError
from daemon.engines.languages import catalog_for
from daemon.toml_keys import ConfigError
from metadata.asset import Asset

OCR_PACKAGES = ("rapidocr", "onnxruntime")
INSTALL_OCR = "pip install 'captiond[ocr]'"


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine that is used: its name, its model with version, what it speaks, and the reason.

    *languages* are those configured that the engine can say something in, *unspoken* the others.
    *reads* tells whether texts in pictures are looked for, *unread* else why not.
    *tentative* are the doubtful claims that are asked for.
    """

    name: str
    model: str
    languages: tuple[str, ...]
    unspoken: tuple[str, ...]
    why: str
    reads: bool = False
    unread: str = ""
    tentative: tuple[str, ...] = ()


def choose(config: Config) -> Choice:
    """Pick the engine that the configuration asks for; raises EngineError when it is not here."""
    use = config.engine.use
    if use not in ("auto", "builtin"):
        raise EngineError(
            f'engine.use = "{use}" is not part of this version; take "auto" or "builtin"'
        )
    why = "asked for by engine.use" if use == "builtin" else "no other engine in this version"
    catalogs = builtin_languages()
    spoken = tuple(lang for lang in config.languages if catalog_for(lang, catalogs))
    unspoken = tuple(lang for lang in config.languages if lang not in spoken)
    unread = why_unread(config)
    tentative = _tentative(config)
    return Choice("builtin", builtin_model(), spoken, unspoken, why, not unread, unread, tentative)


def description_key(asset: Asset, choice: Choice, tasks: Sequence[str]) -> str:
    """Name the description that *asset* gets: equal keys, equal words.

    The capture facts stand beside the content because captions quote them: a copy with another
    date must not inherit the first one's, nor one named otherwise that it is a screenshot.
    """
    facts = (
        asset.taken_at, asset.camera, asset.latitude, asset.longitude, asset.companion,
        asset.lens, asset.origin,
    )  # fmt: skip
    made = (choice.model, tasks, choice.languages, choice.reads, choice.tentative)
    return hashlib.sha256(msgspec.json.encode((asset.content, facts, made))).hexdigest()


def builtin_model() -> str:
    """Name the builtin engine with its version, which is the package's."""
    return f"builtin@{importlib.metadata.version('captiond')}"


def builtin_languages() -> Sequence[str]:
    """List the languages that have a message catalog."""
    catalogs = importlib.resources.files("daemon.engines").joinpath("builtin/catalogs")
    return sorted(f.name.removesuffix(".ftl") for f in catalogs.iterdir() if f.name[-4:] == ".ftl")


def doubtful_claims() -> Sequence[str]:
    """List the claims of the builtin engine that were measured, sure or not."""
    table = importlib.resources.files("daemon.engines").joinpath("builtin/claims.tsv")
    lines = table.read_text("utf-8").splitlines()
    return [line.partition("\t")[0] for line in lines if not line.startswith("#")]


def why_unread(config: Config) -> str:
    """Say why texts in pictures are not looked for; nothing when they are."""
    if "text" not in config.tasks:
        return 'tasks leaves "text" out'
    missing = [name for name in OCR_PACKAGES if find_spec(name) is None]
    if not missing:
        return ""
    return f"the ocr extra is not installed ({' and '.join(missing)})"


def _tentative(config: Config) -> tuple[str, ...]:
    known = doubtful_claims()
    for name in config.engine.tentative:
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise ConfigError(f"engine.tentative: there is no claim {name!r}{meant}")
    return config.engine.tentative
