"""Which files of a repository make a checkpoint that captiond loads; pure."""

import json
import re
from collections.abc import Iterable

from daemon.engines.checkpoint import INDEX, SINGLE, TOKENIZERS
from daemon.hub import HubError
from daemon.hub.listing import Listing, Remote

# A name that can be a file in a folder here, and nothing else.
_PLAIN = re.compile(r"\w[\w.+-]{0,200}")
_SMALL = (".json", ".jinja", ".model", ".tiktoken", ".txt")
_TERMS = ("LICENSE", "LICENCE", "NOTICE", "USE_POLICY", "README.md")
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".h5", ".msgpack", ".gguf")


def small_files(listing: Listing) -> tuple[Remote, ...]:
    """List configurations, tokenizer and terms, small ones first; never code or other weights."""
    files = (file for file in listing.files.values() if _is_small(file.name))
    return tuple(sorted(files, key=lambda file: (file.size, file.name)))


def is_split(listing: Listing) -> bool:
    """Tell whether the weights are in several files, which an index lists."""
    return SINGLE not in listing.files and INDEX in listing.files


def check_parts(listing: Listing, name: str) -> None:
    """Raise HubError where the repository has no checkpoint that captiond could load."""
    for part, says in (
        (("config.json",), "it has no config.json: this is no model for transformers"),
        (TOKENIZERS, f"it has no tokenizer ({TOKENIZERS[0]} or the like)"),
        ((SINGLE, INDEX), _only_others(listing)),
    ):
        if listing.files.keys().isdisjoint(part):
            raise HubError(f"{name}: {_untold(listing, part) or says}")


def weight_files(listing: Listing, name: str, index: bytes = b"") -> tuple[Remote, ...]:
    """List the files with weights, those that *index* lists where they are split.

    Raises HubError when the index names what is no file of weights or is not there.
    """
    if not is_split(listing):
        return (listing.files[SINGLE],)
    files = _listed(index, name)
    for file in files:
        if file not in listing.files or not _is_weights(file):
            raise HubError(f"{name}: {INDEX} lists {file[:80]!r}, which is no weights of it")
    return tuple(listing.files[file] for file in files)


def _listed(index: bytes, name: str) -> list[str]:
    try:
        listed: dict[str, str] = json.loads(index)["weight_map"]
        files = sorted(set(map(str, listed.values())))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        files = []
    if not files:
        raise HubError(f"{name}: {INDEX} lists no weights")
    return files


def _is_small(name: str) -> bool:
    if not _PLAIN.fullmatch(name):
        return False
    if name.endswith(".index.json"):
        return name == INDEX
    return name.endswith(_SMALL) or name.startswith(_TERMS)


def _is_weights(name: str) -> bool:
    return name.endswith(".safetensors") and _PLAIN.fullmatch(name) is not None


def _untold(listing: Listing, part: Iterable[str]) -> str:
    """Say that a hub hides what it has from those who have not accepted a licence."""
    hidden = next((name for name in part if name in listing.untold), "")
    return hidden and f"the hub does not tell size and checksum of {hidden}"


def _only_others(listing: Listing) -> str:
    pickled = sorted(name for name in listing.files if name.endswith(_PICKLED))
    there = f"only {pickled[0]}" if pickled else "no weights"
    return (
        f"it has {there} and no .safetensors, and captiond loads nothing else, as other files can "
        "hold code; take a revision or another copy that has them"
    )
