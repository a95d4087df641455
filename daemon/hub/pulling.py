"""Pulls a model: asks what there is, tells what it costs, fetches what is missing or damaged."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.engines.checkpoint import INDEX
from daemon.engines.profiles import Model
from daemon.hub import HubError, Passing, Progress
from daemon.hub.account import Account
from daemon.hub.client import Source
from daemon.hub.digest import digest_for, take_in
from daemon.hub.faults import gated
from daemon.hub.fetching import Fetching, Patience
from daemon.hub.listing import Listing, Remote
from daemon.hub.needed import check_parts, is_split, small_files, weight_files
from daemon.hub.shelf import Shelf, free_bytes, told_of

_GB = 10**9
_SPARE = 50 * 10**6
"""Bytes that are left free: small files beside these, and what others write meanwhile."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a model needs: *files*, small ones first, at *commit*; *licence* as its authors name it.

    *coming* is how many bytes at most have to come, by what lies here, unchecked yet.
    """

    model: Model
    shelf: Shelf
    commit: str
    files: tuple[Remote, ...]
    licence: str
    gated: bool
    coming: int

    @property
    def revision(self) -> str:
        """Name the revision that was asked for."""
        return self.model.revision or "main"

    @property
    def size(self) -> int:
        """Count the bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def folder(self) -> Path:
        """Name the folder that the model will be loaded from."""
        return self.shelf.snapshot(self.commit)


@dataclass(frozen=True, slots=True)
class Puller:
    """Pulls from *source* into the cache *hub*."""

    source: Source
    account: Account
    hub: Path
    progress: Progress
    patience: Patience = Patience()  # noqa: RUF009 - frozen

    def plan(self, model: Model) -> Plan:
        """Find out which files *model* needs, which of them are here, and whether there is room.

        Raises HubError.
        """
        name = model.name
        told = self.patience.trying(lambda: self.source.listing(name, model.revision or "main"))
        if told.gated and told.untold:
            raise gated(self.account, name)
        check_parts(told, name)
        files = (*small_files(told), *weight_files(told, name, self._index(told, name)))
        shelf = Shelf(self.hub, name)
        coming = sum(_missing(shelf, file, told.commit) for file in files)
        return Plan(model, shelf, told.commit, files, told.licence, told.gated, coming)

    def check_room(self, plans: Sequence[Plan]) -> None:
        """Raise HubError where the disk has no room for all of *plans*."""
        coming, free = sum(plan.coming for plan in plans), free_bytes(self.hub)
        if coming + _SPARE > free:
            names = " and ".join(plan.model.name for plan in plans)
            raise HubError(
                f"{names}: {coming / _GB:.1f} GB have to come, and {self.hub} has "
                f"{free / _GB:.1f} GB free; make room, or name another cache in HF_HOME"
            )

    def pull(self, plan: Plan) -> int:
        """Bring here what is missing, check all of it, and have it found; gives the bytes fetched.

        Raises HubError; what has come stays, and the next pull goes on from there.
        """
        self.check_room((plan,))
        self.progress.begins(plan.model.name, plan.size)
        fetching = Fetching(self.source, plan.shelf, plan.commit, self.progress, self.patience)
        with plan.shelf.held():
            missing = (file for file in plan.files if not self._is_whole(plan, file))
            came = sum(fetching.fetch(file) for file in missing)
            plan.shelf.put(plan.files, plan.commit, plan.revision)
        return came

    def _index(self, told: Listing, name: str) -> bytes:
        """Read the list of the files with weights, where there is one."""
        if not is_split(told):
            return b""
        return self.patience.trying(lambda: self._checked(told.files[INDEX], told.commit, name))

    def _checked(self, file: Remote, commit: str, name: str) -> bytes:
        read = self.source.read(name, commit, file)
        digest = digest_for(file.checksum, file.size)
        digest.update(read)
        if digest.hexdigest() != file.checksum:
            raise Passing(f"{name}: {file.name} came damaged")
        return read

    def _is_whole(self, plan: Plan, file: Remote) -> bool:
        path = plan.shelf.lying(file, plan.commit)
        if path is None:
            return False
        digest = digest_for(file.checksum, file.size)
        with told_of(path):
            read = take_in(digest, path, self.progress.moved)
        if digest.hexdigest() == file.checksum:
            return True
        self.progress.moved(-read)
        self.progress.says(f"{file.name} lies here damaged and is fetched again")
        return False


def _missing(shelf: Shelf, file: Remote, commit: str) -> int:
    if shelf.lying(file, commit):
        return 0
    return max(file.size - shelf.half_size(file), 0)
