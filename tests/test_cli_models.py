"""`captiond models` as a user types it: what is listed, pulled, checked, and the exit codes."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result

from daemon.cli import main
from daemon.engines.profiles import known_profiles
from tests.checkpoints import checkpoint
from tests.hub_stand_in import TOKEN, StandIn, stand_in, status
from tests.running import environment

NAME = "some/model"
NLLB = "facebook/nllb-200-distilled-600M"


class Typing:
    """Types commands against a hub on this machine and a cache below *root*."""

    def __init__(self, hub: StandIn, root: Path) -> None:
        self.hub, self.cache = hub, root / "hub"
        self.config = root / "captiond.toml"
        self.configure("")
        self.environment = {
            "HF_ENDPOINT": hub.url, "HF_HUB_CACHE": str(self.cache), "COLUMNS": "80",
            "HF_HOME": str(root / "home"), "HF_TOKEN": "",
        }  # fmt: skip
        assert ip_address(urlsplit(hub.url).hostname or "").is_loopback

    def configure(self, engine: str) -> None:
        self.config.write_text(f'state_dir = "state"\n[engine]\n{engine}\n')

    def __call__(self, *words: str, code: int = 0) -> Result:
        every = ["--config", str(self.config), "models", *words]
        done = CliRunner().invoke(main, every, env=self.environment, prog_name="captiond")
        assert done.exit_code == code, (done.exit_code, done.output)
        assert TOKEN not in done.output
        return done

    def lines(self, *words: str, code: int = 0) -> list[dict[str, object]]:
        return [json.loads(line) for line in self(*words, "--json", code=code).stdout.splitlines()]


@pytest.fixture
def typing(tmp_path: Path) -> Iterator[Typing]:
    with stand_in() as hub:
        hub.add(NAME, checkpoint(tmp_path / "model"))
        yield Typing(hub, tmp_path)


def damage(typing: Typing) -> None:
    (blob,) = typing.cache.glob("models--*/snapshots/*/tokenizer.json")
    blob.resolve().write_text("[]")


def test_the_list_fits_a_narrow_terminal_and_says_what_licences_forbid(typing: Typing) -> None:
    told = typing("list").stdout
    assert max(map(len, told.splitlines())) <= 80 + len(str(typing.cache))
    words = " ".join(told.split())
    assert "not granted for pictures to people and companies in the EU" in words
    assert "CC-BY-NC-4.0: no commercial use" in words
    assert "Gated: its licence has to be accepted on the hub before the download" in words
    assert "captiond takes the engine builtin here: " in words
    assert str(typing.cache) in told
    for profile in known_profiles():
        assert f"\n{profile.name} " in told
        for model in profile.models:
            assert f"\n{model.name}" in told


def test_the_list_for_programs_has_everything(typing: Typing) -> None:
    told = json.loads(typing("list", "--json").stdout)
    assert set(told) == {"hub", "engine", "profiles", "models"}
    assert told["profiles"][0]["models"]["translation"] == f"{NLLB}@refs/pr/45"
    by_name = {model["model"]: model for model in told["models"]}
    assert by_name[f"{NLLB}@refs/pr/45"]["here"] == "no"
    assert len(by_name) == len(told["models"])


def test_the_list_tells_what_is_here_and_what_only_in_part(typing: Typing, tmp_path: Path) -> None:
    hub = typing.hub
    hub.add("Qwen/Qwen3.5-0.8B", checkpoint(tmp_path / "qwen"), commit="d" * 40)
    hub.add(NLLB, checkpoint(tmp_path / "nllb"), commit="e" * 40, revisions=("refs/pr/45",))
    hub.faults["model.safetensors"] = [status(403)]
    typing("pull", "cpu", code=1)
    here = {
        model["model"]: model["here"]
        for model in json.loads(typing("list", "--json").stdout)["models"]
    }
    assert here["Qwen/Qwen3.5-0.8B"] == "partly"
    assert here[f"{NLLB}@refs/pr/45"] == "whole"
    assert here["Qwen/Qwen3.5-4B"] == "no"
    told = typing("list").stdout
    assert f"{NLLB}@refs/pr/45: whole" in told
    assert "Qwen/Qwen3.5-0.8B: partly here" in told


def test_a_profile_brings_its_models_and_what_the_configuration_put_there(
    typing: Typing, tmp_path: Path
) -> None:
    typing.configure(f'image_model = "{NAME}"\ntranslation_model = "none"\nspeech_model = "none"')
    assert [line["model"] for line in typing.lines("pull", "cpu", "8gb")] == [NAME]
    typing.configure('profile = "cpu"')
    assert "nllb" in typing("pull", code=3).stderr


def test_a_pull_tells_licence_and_size_before_it_begins(typing: Typing) -> None:
    done = typing("pull", NAME)
    first, second, *_ = done.stderr.splitlines()
    assert first.startswith(f"{NAME}: 3 files, ")
    assert "have to come" in first
    assert second == "  licence: apache-2.0, as the hub has it; read its card"
    assert done.stdout.startswith(f"{NAME}: whole, ")


def test_a_dry_run_writes_nothing(typing: Typing) -> None:
    done = typing("pull", NAME, "--dry-run")
    assert "model.safetensors" in done.stdout
    assert not typing.cache.exists()
    (told,) = typing.lines("pull", NAME, "--dry-run")
    assert told["state"] == "planned"
    assert [file["name"] for file in told["files"]][-1] == "model.safetensors"  # type: ignore[attr-defined]


def test_what_a_pull_prints_for_programs(typing: Typing) -> None:
    told, other = typing.lines("pull", NAME, "no/such", code=1)
    assert (told["state"], told["fetched"], told["commit"]) == ("whole", told["bytes"], "c" * 40)
    assert Path(str(told["folder"]), "config.json").exists()
    assert other["state"] == "failed"
    (again,) = typing.lines("pull", NAME)
    assert again["fetched"] == 0


def test_the_exit_code_says_who_has_to_act(typing: Typing) -> None:
    typing("pull", "no/such", code=3)
    typing("pull", NAME, "no/such", code=1)
    assert "name a profile or a model" in typing("pull", code=2).stderr
    assert "did you mean 16gb" in typing("pull", "16bg", code=2).stderr
    assert "is a folder of your own" in typing("pull", "/srv/model", code=2).stderr
    typing.environment["HF_ENDPOINT"] = "hub.example"
    assert "HF_ENDPOINT" in typing("pull", NAME, code=2).stderr
    typing.environment |= {"HF_ENDPOINT": typing.hub.url, "HF_HUB_OFFLINE": "1"}
    assert "HF_HUB_OFFLINE is set" in typing("pull", NAME, code=3).stderr


def test_without_room_for_all_none_is_begun(
    typing: Typing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing.hub.add("other/model", checkpoint(tmp_path / "other"), commit="d" * 40)
    few = SimpleNamespace(f_bavail=1, f_frsize=50 * 10**6 + 200)
    monkeypatch.setattr(os, "statvfs", lambda place: few)
    said = typing("pull", NAME, "other/model", code=3).stderr
    assert f"{NAME} and other/model: 0.0 GB have to come" in said
    assert not typing.cache.exists()
    assert "have to come" in typing("pull", NAME, "other/model", "--dry-run", code=3).stderr
    typing("pull", NAME)


def test_a_gated_model_comes_with_a_token_from_a_file(typing: Typing, tmp_path: Path) -> None:
    typing.hub.repositories[NAME].gated = True
    said = typing("pull", NAME, code=3).stderr
    assert "the hub gives it only to those who accepted the licence there" in said
    assert f"accept its licence at {typing.hub.url}/{NAME}" in said
    (tmp_path / "home").mkdir()
    (tmp_path / "home/token").write_text(f"{TOKEN}\n")
    typing("pull", NAME)


def test_verify_names_what_is_damaged_and_what_mends_it(typing: Typing) -> None:
    typing("pull", NAME)
    assert f"{NAME}@cccccccc: whole, 3 files" in typing("verify", NAME).stdout
    damage(typing)
    told = typing("verify", NAME, code=1).stdout
    assert "tokenizer.json: it has 2 bytes of" not in told, "both have two bytes"
    assert "tokenizer.json: its bytes are not those that its checksum is of" in told
    assert f"mend it: captiond models pull {NAME}" in told
    (line,) = typing.lines("verify", NAME, code=1)
    assert line["state"] == "damaged"
    assert [file["name"] for file in line["wrong"]] == ["tokenizer.json"]  # type: ignore[attr-defined]
    typing("pull", NAME)
    typing("verify", NAME)


def test_verify_without_a_name_takes_what_is_here(typing: Typing) -> None:
    assert "no models are in" in typing("verify").stderr
    typing.configure(f'image_model = "{NAME}"')
    typing("pull", NAME)
    assert [line["model"] for line in typing.lines("verify")] == [NAME]
    damage(typing)
    typing("verify", code=1)


def test_verify_of_what_is_not_here_says_how_to_get_it(typing: Typing) -> None:
    assert f"captiond models pull {NAME}@v2" in typing("verify", f"{NAME}@v2", code=3).stderr
    typing("verify", "cpu", code=3)


def test_a_terminal_shows_how_far_it_is(typing: Typing) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "daemon.cli", "models", "pull", NAME],
        env={**environment(), **typing.environment},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        check=False,
    )
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode == 0, shown
    assert f"{NAME}  [" in shown
    assert "100%" in shown


def test_the_help_is_quick_because_it_loads_nothing() -> None:
    code = (
        "import sys; from daemon.cli import main; "
        "print({'daemon.hub', 'http.client', 'urllib.request', 'ssl'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment()
    )
    assert done.stdout.strip() == "set()"
