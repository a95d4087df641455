"""A hub on this machine and a cache to pull into; what would be slept is counted."""

import json
from pathlib import Path

import pytest

from daemon.engines import EngineMissing
from daemon.engines.cached import installed
from daemon.engines.profiles import Model
from daemon.hub import HubError
from daemon.hub.account import Account
from daemon.hub.client import Hub
from daemon.hub.fetching import Patience
from daemon.hub.pulling import Plan, Puller
from tests.checkpoints import checkpoint
from tests.hub_stand_in import TOKEN, StandIn

NAME = "some/model"
WEIGHTS = "model.safetensors"
COMMIT = "c" * 40


class Told:
    """Remembers what a pull says and how far it was."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.total = self.done = 0

    def begins(self, what: str, total: int) -> None:
        self.total, self.done = total, 0

    def moved(self, count: int) -> None:
        self.done += count

    def says(self, line: str) -> None:
        self.lines.append(line)


class Pulling:
    """A hub and a cache; what would be slept is counted."""

    def __init__(self, hub: StandIn, root: Path) -> None:
        self.hub, self.root = hub, root / "hub"
        self.told, self.pauses = Told(), list[float]()
        self.account = Account(hub.url)

    def plan(self, model: Model) -> Plan:
        return self._puller().plan(model)

    def __call__(self, name: str = NAME, revision: str = "") -> int:
        puller = self._puller()
        return puller.pull(puller.plan(Model(name=name, revision=revision)))

    def refused(self, name: str = NAME, revision: str = "") -> str:
        with pytest.raises(HubError) as refusal:
            self(name, revision)
        assert "\n" not in str(refusal.value)
        assert TOKEN not in str(refusal.value)
        assert not self.is_here(name, revision)
        return str(refusal.value)

    def is_here(self, name: str = NAME, revision: str = "") -> bool:
        try:
            model = Model(name=name, revision=revision)
            installed(model, self.root, {"HF_HUB_CACHE": str(self.root)})
        except EngineMissing:
            return False
        return True

    def blobs(self) -> list[str]:
        return sorted(path.name for path in self.root.glob("models--*/blobs/*"))

    def _puller(self) -> Puller:
        return Puller(
            Hub(self.account), self.account, self.root, self.told, Patience(self.pauses.append)
        )


def large(folder: Path) -> Path:
    """Write a checkpoint whose weights do not fit into one piece."""
    checkpoint(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps({"size": 56, "rest": "-" * 500}))
    return weighing(folder, 400_000)


def weighing(folder: Path, count: int) -> Path:
    """Give a checkpoint *count* bytes of weights."""
    header = {"w": {"dtype": "U8", "shape": [count], "data_offsets": [0, count]}}
    head = json.dumps(header).encode()
    whole = len(head).to_bytes(8, "little") + head + bytes(range(250)) * (count // 250)
    (folder / WEIGHTS).write_bytes(whole)
    return folder


def weights(hub: StandIn) -> bytes:
    return hub.repositories[NAME].files[WEIGHTS]


def half(pulling: Pulling) -> Path:
    return next(pulling.root.glob("models--*/blobs/*.incomplete"))


def halves(pulling: Pulling) -> list[Path]:
    return list(pulling.root.glob("models--*/blobs/*.incomplete"))
