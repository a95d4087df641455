"""What the hub says of a repository at one revision, checked before anything of it is believed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec

from daemon.hub import HubError
from daemon.hub.digest import is_checksum

_COMMIT = re.compile(r"[0-9a-f]{40}")
_LICENCE = re.compile(r"license:([\w.+-]{1,60})")
_Size = Annotated[int, msgspec.Meta(ge=0, le=2**50)]


@dataclass(frozen=True, slots=True)
class Remote:
    """A file on the hub: its name, its bytes, and the checksum that it is kept under."""

    name: str
    size: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository at a commit; *files* are those at its top whose size and checksum are told.

    *untold* are names without them, *licence* is what its authors say, nothing when they do not.
    """

    commit: str
    files: Mapping[str, Remote]
    untold: tuple[str, ...] = ()
    licence: str = ""
    gated: bool = False


class _Lfs(msgspec.Struct):
    sha256: str
    size: _Size


class _Sibling(msgspec.Struct, rename={"name": "rfilename", "blob": "blobId"}):
    name: str
    size: _Size | None = None
    blob: str | None = None
    lfs: _Lfs | None = None


class _Repository(msgspec.Struct):
    sha: str
    siblings: list[_Sibling] = []
    tags: list[str] = []
    gated: bool | str = False


def listing(answer: bytes, name: str) -> Listing:
    """Read the answer to ``/api/models/NAME/revision/REVISION?blobs=true``; raises HubError."""
    try:
        told = msgspec.json.decode(answer, type=_Repository)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _nonsense(name) from None
    if not _COMMIT.fullmatch(told.sha):
        raise _nonsense(name)
    top = [sibling for sibling in told.siblings if "/" not in sibling.name]
    files = {file.name: file for file in map(_remote, top) if file}
    untold = tuple(sibling.name for sibling in top if sibling.name not in files)
    return Listing(told.sha, files, untold, _licence(told.tags), bool(told.gated))


def _remote(sibling: _Sibling) -> Remote | None:
    size, checksum = sibling.size, sibling.blob
    if sibling.lfs:
        size, checksum = sibling.lfs.size, sibling.lfs.sha256
    if size is None or checksum is None or not is_checksum(checksum):
        return None
    return Remote(sibling.name, size, checksum)


def _licence(tags: list[str]) -> str:
    found = (_LICENCE.fullmatch(tag) for tag in tags)
    return next((match[1] for match in found if match), "")


def _nonsense(name: str) -> HubError:
    return HubError(
        f"{name}: what answers is no hub of models; look at HF_ENDPOINT, at a proxy, or at a "
        "network that wants you to log in"
    )
