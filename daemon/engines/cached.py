"""Where the files of a model lie: a folder, or the hub's cache; reads names, no weights."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from daemon.engines import EngineMissing
from daemon.engines.checkpoint import download, inspect
from daemon.engines.profiles import SPEECH, Installed, Model

# Never taught to follow instructions: each does one thing, and that is all.
_ABLE = {"blip-2": ("caption",), "whisper": (SPEECH,)}
_COMMIT = re.compile(r"[0-9a-f]{40}")
_REPOSITORY = re.compile(r"[\w.-]+(/[\w.-]+)?")
_WORDING = (".json", ".jinja", ".model", ".txt")
_SAMPLES, _SAMPLE = 16, 2**16


def installed(model: Model, base: Path, environment: Mapping[str, str] = os.environ) -> Installed:
    """Find the files of *model*, all of them and whole; a relative folder counts from *base*.

    Raises EngineMissing, which says how to get what is missing.
    """
    found = located(model, base, environment)
    kind = inspect(found).config.get("model_type")
    return replace(found, tasks=_ABLE[kind]) if kind in _ABLE else found


def located(model: Model, base: Path, environment: Mapping[str, str] = os.environ) -> Installed:
    """Find where the files of *model* lie, whole or not; raises EngineMissing where nothing is."""
    if folder := _named_folder(model.name, base):
        model, name, version = replace(model, name=str(folder)), folder.name, fingerprint(folder)
    else:
        folder = _snapshot(model, hub_folder(environment))
        name, version = model.name, folder.name
    done = f"+{model.quantization}" if model.quantization else ""
    return Installed(model, folder, f"{name}@{version[:8]}{done}")


def by_ctranslate2(found: Installed) -> Installed:
    """Have a translation model run by CTranslate2, whose int8 weights word some things anew."""
    return replace(
        found,
        model=replace(found.model, runtime="ctranslate2"),
        label=f"{found.label.partition('+')[0]}+ct2-int8",
    )


def hub_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Name the Hugging Face cache, by the variables and defaults that the hub's own library has."""
    place = environment.get("HF_HUB_CACHE") or environment.get("HUGGINGFACE_HUB_CACHE")
    cache = environment.get("XDG_CACHE_HOME") or "~/.cache"
    home = environment.get("HF_HOME") or f"{cache}/huggingface"
    try:
        return Path(place or f"{home}/hub").expanduser()
    except RuntimeError as error:
        raise EngineMissing(
            "the Hugging Face cache is not known, because whoever runs captiond has no home; "
            "set HF_HOME"
        ) from error


def fingerprint(folder: Path) -> str:
    """Digest what makes the words of the checkpoint in *folder*, without reading all of it.

    Of each file of weights its size and a megabyte spread over it count: training changes them all.
    """
    digest = hashlib.sha256()
    try:
        for path in sorted(folder.iterdir()):
            if path.suffix == ".safetensors" or path.suffix in _WORDING:
                digest.update(path.name.encode())
                for piece in _pieces(path):
                    digest.update(piece)
    except OSError as error:
        raise _unreadable(folder, error) from error
    return digest.hexdigest()


def _named_folder(name: str, base: Path) -> Path | None:
    try:
        folder = base / Path(name).expanduser()
    except RuntimeError as error:
        raise EngineMissing(f"{name}: there is no such user; name the folder in full") from error
    if _is_folder(folder):
        return folder.resolve()
    if name.startswith(("/", "~", ".")) or not _REPOSITORY.fullmatch(name):
        raise EngineMissing(
            f"{name}: there is no such folder; name the folder of a checkpoint, or ORG/NAME "
            "of one in the Hugging Face cache"
        )
    return None


def _snapshot(model: Model, hub: Path) -> Path:
    """Follow the cache's layout: refs/REVISION names the commit, snapshots/COMMIT has its files."""
    repository = hub / f"models--{model.name.replace('/', '--')}"
    revision = model.revision or "main"
    if not _is_folder(repository):
        raise EngineMissing(f"{model.name} is not in {hub}; {download(model)}")
    folder = repository / "snapshots" / _commit(model, repository, revision)
    if not _is_folder(folder):
        raise EngineMissing(
            f"{model.name}: of revision {revision} nothing was downloaded; {download(model)}"
        )
    return folder


def _commit(model: Model, repository: Path, revision: str) -> str:
    if _COMMIT.fullmatch(revision):
        return revision
    try:
        commit = (repository / "refs" / revision).read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        raise EngineMissing(
            f"{model.name}: revision {revision} is not in {repository.parent}; {download(model)}"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(repository, error) from error
    if not _COMMIT.fullmatch(commit):
        raise EngineMissing(
            f"{repository}/refs/{revision} names no commit; remove it, then {download(model)}"
        )
    return commit


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError as error:
        raise _unreadable(path, error) from error


def _pieces(path: Path) -> Iterator[bytes]:
    size = path.stat().st_size
    yield size.to_bytes(8, "little")
    if path.suffix in _WORDING or size <= _SAMPLES * _SAMPLE:
        yield path.read_bytes()
        return
    with path.open("rb") as file:
        for number in range(_SAMPLES):
            file.seek((size - _SAMPLE) * number // (_SAMPLES - 1))
            yield file.read(_SAMPLE)


def _unreadable(folder: Path, error: Exception) -> EngineMissing:
    return EngineMissing(
        f"{folder} cannot be read ({error}); let the user that captiond runs as read it"
    )
