"""Which model hears: that of a profile, one that is named, or one beside other engines."""

from dataclasses import replace
from pathlib import Path

import pytest

from daemon.checks import Check
from daemon.checks.engines import engine as checks
from daemon.chosen import Looking
from daemon.config import DEFAULT_TASKS, Config, EngineChoice
from daemon.engines import EngineMissing
from daemon.engines.choice import choose
from daemon.engines.devices import Device, Machine
from daemon.engines.profiles import known_profiles
from daemon.engines.spoken import Found, speech_here
from tests.checkpoints import cached, checkpoint

GB = 10**9
TURBO, SMALL = "openai/whisper-large-v3-turbo", "openai/whisper-small"


@pytest.fixture(autouse=True)
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def config(hub: Path, *, speech: bool = True, **engine: object) -> Config:
    tasks = (*DEFAULT_TASKS, "speech") if speech else DEFAULT_TASKS
    choice = EngineChoice(**engine)  # type: ignore[arg-type]
    return Config(state_dir=hub.parent, tasks=tasks, engine=choice)


def looking(*gigabytes: float) -> Looking:
    devices = tuple(
        Device(f"cuda:{number}", "GPU", int(size * GB), int(size * GB), 8.9)
        for number, size in enumerate(gigabytes)
    )
    return Looking(lambda: Machine(devices=devices, torch="2.13"))


def never() -> Machine:
    raise AssertionError("nobody should look for devices")


def heard(hub: Path, *gigabytes: float, **engine: object) -> tuple[str, tuple[str, ...]]:
    found: Found | None = speech_here(config(hub, **engine), looking(*gigabytes))
    assert found
    return found[0].label.partition("@")[0], found[1]


def profile(hub: Path, name: str) -> None:
    (chosen,) = [profile for profile in known_profiles() if profile.name == name]
    for model in (chosen.image, chosen.translation):
        assert model
        cached(hub, model.name, model.revision or "main")


def test_every_profile_has_a_model_that_hears() -> None:
    named = {profile.speech.name for profile in known_profiles() if profile.speech}
    assert named == {TURBO, SMALL}
    assert all(profile.speech for profile in known_profiles())
    assert "openai/whisper-small" in {m.name for p in known_profiles() for m in p.models}


def test_without_the_task_no_model_that_hears_is_needed(hub: Path) -> None:
    profile(hub, "8gb")
    assert speech_here(config(hub, speech=False), never) is None
    assert speech_here(config(hub, speech_model="none"), never) is None
    for plain in (config(hub, speech=False), config(hub, speech_model="none")):
        choice = choose(plain, looking(8))
        assert choice.name == "transformers" and choice.models.speech is None


def test_a_profile_brings_its_own(hub: Path) -> None:
    profile(hub, "8gb")
    assert choose(config(hub), looking(8)).why.startswith(f"{TURBO} is not in {hub}")
    cached(hub, TURBO, kind="whisper")
    choice = choose(config(hub, quantize="nf4"), looking(8))
    assert choice.models.speech and choice.models.speech.label == f"{TURBO}@1a2b3c4d"
    assert choice.models.speech.tasks == ("speech",)
    told = {check.name: check for check in checks(config(hub), looking(8))}
    assert told["speech model"].says.startswith(f"{TURBO}@1a2b3c4d in {hub}")
    assert "licence: MIT" in told["speech model"].says


def test_one_that_is_named_comes_before(hub: Path) -> None:
    profile(hub, "8gb")
    folder = checkpoint(hub.parent / "mine", kind="whisper")
    choice = choose(config(hub, speech_model=str(folder), quantize="nf4"), looking(8))
    assert choice.models.speech and choice.models.speech.folder == folder
    assert choice.models.speech.model.quantization == "", "it is small"
    assert heard(hub, speech_model=str(folder)) == ("mine", ("cpu",))


def test_beside_other_engines_the_largest_that_is_here_and_fits(hub: Path) -> None:
    cached(hub, SMALL, kind="whisper")
    assert heard(hub, 8.0) == (SMALL, ("cuda:0",))
    cached(hub, TURBO, kind="whisper")
    assert heard(hub, 8.0, 1.0, 6.0) == (TURBO, ("cuda:0", "cuda:2"))
    assert heard(hub, 2.5) == (SMALL, ("cuda:0",))
    assert heard(hub, 1.0) == heard(hub) == (SMALL, ("cpu",))
    assert heard(hub, profile="8gb") == (TURBO, ("cpu",)), "that of the profile that is named"


def test_what_is_missing_is_said_with_a_remedy(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineMissing, match=f"{TURBO} or {SMALL}.*{TURBO}"):
        speech_here(config(hub), never)
    with pytest.raises(EngineMissing, match=f"{SMALL} is not in"):
        speech_here(config(hub, speech_model=SMALL), never)
    assert "speech is not written down" in doctor(config(hub, use="builtin")).says
    cached(hub, SMALL, kind="whisper")
    assert doctor(config(hub, use="builtin")).says.endswith("; on cpu")
    with pytest.raises(EngineMissing, match="torch is broken"):
        speech_here(config(hub), lambda: Machine(fault="torch is broken"))
    monkeypatch.setattr("daemon.engines.modelled.PACKAGES", ("no_such_package",))
    with pytest.raises(EngineMissing, match=r"pip install 'captiond\[models\]'"):
        speech_here(config(hub), never)


def doctor(asked: Config) -> Check:
    (told,) = [check for check in checks(asked, looking()) if check.name == "speech model"]
    assert told.ok is not False, "it can do without"
    return told


def test_no_other_model_is_taken_for_one_that_hears(hub: Path) -> None:
    cached(hub, SMALL)
    with pytest.raises(EngineMissing, match="is no Whisper"):
        speech_here(config(hub, speech_model=SMALL), never)
    profile(hub, "8gb")
    named = config(hub, speech_model=SMALL, use="transformers")
    with pytest.raises(EngineMissing, match="is no Whisper"):
        choose(named, looking(8))
    assert choose(replace(named, tasks=DEFAULT_TASKS), looking(8)).models.speech is None
