"""What lies here is checked without the hub, is what other tools find, and is what is loaded."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon.config import Config, EngineChoice
from daemon.engines.cached import located
from daemon.engines.choice import choose
from daemon.engines.devices import Machine
from daemon.engines.profiles import Model
from daemon.hub.account import Account
from daemon.hub.client import Hub
from daemon.hub.pulling import Puller
from daemon.hub.verifying import Verdict, verify
from tests.hub_stand_in import StandIn, damaged, stand_in
from tests.pulling import Told
from tests.running import environment

MODELS = Path(__file__).parent / "models"
MLLAMA = "tiny/mllama"
SHARD = "model-00001-of-00002.safetensors"


@pytest.fixture
def hub() -> Iterator[StandIn]:
    with stand_in() as hub:
        hub.add(MLLAMA, MODELS / "mllama")
        yield hub


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "hub"


def pull(hub: StandIn, cache: Path, name: str = MLLAMA) -> int:
    account = Account(hub.url)
    puller = Puller(Hub(account), account, cache, Told())
    return puller.pull(puller.plan(Model(name=name)))


def verdict(cache: Path, name: str = MLLAMA) -> Verdict:
    told = Told()
    found = located(Model(name=name), cache, {"HF_HUB_CACHE": str(cache)})
    seen = verify(found, cache, told)
    assert told.done == told.total
    return seen


def blob(cache: Path, name: str = SHARD) -> Path:
    return next(cache.glob(f"models--*/snapshots/*/{name}")).resolve()


def turn_over(path: Path, at: int) -> None:
    """Spoil one byte, which no header tells of."""
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))


def test_what_was_pulled_is_whole(hub: StandIn, cache: Path) -> None:
    pull(hub, cache)
    seen = verdict(cache)
    assert seen.whole
    assert {file.name for file in seen.files} == set(hub.repositories[MLLAMA].files)
    assert seen.size == sum(map(len, hub.repositories[MLLAMA].files.values()))


@pytest.mark.parametrize("name", [SHARD, "tokenizer_config.json"])
def test_one_byte_is_found_and_named_and_mended_alone(hub: StandIn, cache: Path, name: str) -> None:
    pull(hub, cache)
    turn_over(blob(cache, name), 100)
    seen = verdict(cache)
    assert [file.name for file in seen.wrong] == [name]
    assert "its checksum" in seen.wrong[0].why
    assert seen.mend == f"captiond models pull {MLLAMA}"
    assert pull(hub, cache) == len(hub.repositories[MLLAMA].files[name])
    assert verdict(cache).whole


def test_what_is_missing_or_cut_off_is_named(hub: StandIn, cache: Path) -> None:
    pull(hub, cache)
    blob(cache, "generation_config.json").unlink()
    (link,) = cache.glob("models--*/snapshots/*/processor_config.json")
    link.unlink()
    os.truncate(blob(cache), 1000)
    seen = verdict(cache)
    assert {file.name: file.why for file in seen.wrong} == {
        "generation_config.json": "it is not there",
        "processor_config.json": "it is not there",
        SHARD: f"it has 1000 bytes of {len(hub.repositories[MLLAMA].files[SHARD])}",
    }
    assert f"{SHARD} is cut off" in seen.fault
    pull(hub, cache)
    assert verdict(cache).whole


def test_files_that_cannot_be_links_are_known_by_what_the_pull_wrote_down(
    hub: StandIn, cache: Path
) -> None:
    pull(hub, cache)
    copied(cache)
    assert verdict(cache).whole
    turn_over(blob(cache), 1000)
    assert [file.name for file in verdict(cache).wrong] == [SHARD]


def test_of_files_without_a_checksum_only_the_headers_are_checked(
    hub: StandIn, cache: Path
) -> None:
    pull(hub, cache)
    copied(cache)
    for record in cache.glob("models--*/captiond/*.json"):
        record.unlink()
    seen = verdict(cache)
    assert seen.whole
    assert len(seen.unknown) == len(seen.files)
    os.truncate(blob(cache), 5000)
    seen = verdict(cache)
    assert not seen.whole
    assert f"{SHARD} is cut off" in seen.fault


def copied(cache: Path) -> None:
    """Make the snapshot one of plain files, as where a disk has no links."""
    for link in cache.glob("models--*/snapshots/*/*"):
        link.resolve().replace(link)


@pytest.mark.parametrize("wrong", [b"", b"{", b'{"files": [{"name": 7}]}', b"[" * 100_000])
def test_a_record_that_is_damaged_is_said(hub: StandIn, cache: Path, wrong: bytes) -> None:
    pull(hub, cache)
    (record,) = cache.glob("models--*/captiond/*.json")
    record.write_bytes(wrong)
    seen = verdict(cache)
    assert not seen.whole
    assert f"{record} cannot be read" in seen.fault
    pull(hub, cache)
    assert verdict(cache).whole


def test_a_folder_of_ones_own_is_checked_by_its_headers(cache: Path) -> None:
    seen = verdict(cache, str(MODELS / "nllb"))
    assert seen.whole
    assert len(seen.unknown) == len(seen.files) == 6
    assert "copy the folder again" in seen.mend


HUGGING_FACE = """
import sys
from huggingface_hub import snapshot_download
print(snapshot_download(sys.argv[1], local_files_only=sys.argv[2] == "here"))
"""


def by_the_hubs_own_library(hub: StandIn, cache: Path, way: str) -> Path:
    more = {
        "HF_ENDPOINT": hub.url, "HF_HUB_CACHE": str(cache), "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", HUGGING_FACE, MLLAMA, way],
        env={**environment(), **more}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Path(done.stdout.strip())


def test_each_finds_what_the_other_downloaded(hub: StandIn, cache: Path, tmp_path: Path) -> None:
    pull(hub, cache)
    seen = verdict(cache)
    asked = len(hub.asked)
    assert by_the_hubs_own_library(hub, cache, "here") == seen.found.folder
    assert len(hub.asked) == asked

    other = tmp_path / "other"
    hub.faults[SHARD] = [damaged(100_000)]
    assert (
        by_the_hubs_own_library(hub, other, "there")
        == located(Model(name=MLLAMA), other, {"HF_HUB_CACHE": str(other)}).folder
    )
    seen = verdict(other)
    assert [file.name for file in seen.wrong] == [SHARD], "it was called downloaded"
    assert not seen.unknown
    assert pull(hub, other) == len(hub.repositories[MLLAMA].files[SHARD])
    assert verdict(other).whole


def no_gpu() -> Machine:
    return Machine(torch="2", transformers="5")


def test_what_was_pulled_is_chosen_and_loaded(
    hub: StandIn, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import AutoModelForImageTextToText, AutoProcessor

    pull(hub, cache)
    monkeypatch.setenv("HF_HUB_CACHE", str(cache))
    engine = EngineChoice(use="transformers", image_model=MLLAMA)
    choice = choose(Config(engine=engine), no_gpu)
    assert choice.models.image is not None
    assert choice.model == f"{MLLAMA}@cccccccc"

    folder: Any = choice.models.image.folder
    model = AutoModelForImageTextToText.from_pretrained(folder, local_files_only=True)
    words = AutoProcessor.from_pretrained(folder, local_files_only=True).tokenizer
    assert type(model).__name__ == "MllamaForConditionalGeneration"
    assert words("left of")["input_ids"]
