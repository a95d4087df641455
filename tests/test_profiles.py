"""Models are found where they lie, named by their version, and refused when they are not whole."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from daemon.engines import EngineMissing
from daemon.engines.cached import by_ctranslate2, fingerprint, hub_folder, installed
from daemon.engines.modelled import each_model
from daemon.engines.profiles import Model, Models, known_model, known_profiles
from tests.checkpoints import COMMIT, OTHER, cached, checkpoint

ROOT = Path(__file__).parent.parent
NLLB = ROOT / "tests/models/nllb"
TABLE = ROOT / "daemon/engines/profiles.toml"
GUIDE = (ROOT / "docs/models.md").read_text(encoding="utf-8")
NAME = "org/some-model"


@pytest.fixture
def hub(tmp_path):
    return tmp_path / "hub"


def found(name, hub, **settings):
    return installed(Model(name=name, **settings), hub.parent, {"HF_HUB_CACHE": str(hub)})


def test_the_profiles_are_whole_and_in_order():
    profiles = known_profiles()
    assert len({profile.name for profile in profiles}) == len(profiles) >= 7
    assert [p for p in profiles if p.vram_gb == 0], "one for machines without a GPU"
    for profile in profiles:
        assert profile.good_at
        for _, model in each_model(profile):
            assert model.licence
            assert model.gb > 0
            assert model.frames in range(8, 33)
            assert profile.vram_gb == 0 or model.gb < profile.vram_gb
            assert not model.tried, "say in README that real weights were run, and where"


def test_the_table_has_no_field_that_nobody_reads():
    raw = msgspec.toml.decode(TABLE.read_bytes())
    fields = {field.name for field in msgspec.structs.fields(Model)}
    for name, model in raw["models"].items():
        assert set(model) <= fields, name
    used = {
        row[key]
        for row in raw["profiles"]
        for key in ("image", "video", "translation", "speech")
        if key in row
    }
    assert used == set(raw["models"])


def test_the_models_that_the_project_began_with_are_there():
    seed, larger = known_profiles()[:2]
    assert seed.image.name == "SeanScripts/Llama-3.2-11B-Vision-Instruct-nf4"
    assert larger.image.name == "neuralmagic/Llama-3.2-11B-Vision-Instruct-FP8-dynamic"
    assert seed.video == larger.video
    assert seed.video and seed.video.name == "llava-hf/LLaVA-NeXT-Video-7B-hf"
    assert seed.translation and "no commercial use" in seed.translation.licence
    assert seed.image.gated and "EU" in seed.image.licence


@pytest.mark.parametrize("profile", known_profiles(), ids=lambda profile: profile.name)
def test_the_guide_names_every_profile_with_its_models_and_their_licences(profile):
    needed = f"{profile.vram_gb:g} GB" if profile.vram_gb else "none"
    assert f"| `{profile.name}` | {needed}" in GUIDE
    for model in profile.models:
        assert model.name in GUIDE
        assert model.licence.split(";")[0].split(":")[0] in GUIDE
        if model.revision:
            assert f"{model.name}@{model.revision}" in GUIDE


def test_the_guide_names_no_profile_that_is_not_there():
    named = re.findall(r"^\| `([\w-]+)` \|", GUIDE, re.MULTILINE)
    assert named == [profile.name for profile in known_profiles()]


def test_a_named_model_is_run_as_the_table_says():
    assert known_model("Qwen/Qwen3.5-4B").quantization == "nf4"
    assert known_model("Qwen/Qwen3.5-4B@v2").revision == "v2"
    assert known_model("else/where") == Model(name="else/where")


def test_a_model_in_the_cache_is_named_by_its_commit(hub):
    snapshot = cached(hub, NAME)
    seen = found(NAME, hub)
    assert (seen.folder, seen.label) == (snapshot, f"{NAME}@1a2b3c4d")
    assert found(NAME, hub, quantization="nf4").label == f"{NAME}@1a2b3c4d+nf4"
    assert by_ctranslate2(seen).label == f"{NAME}@1a2b3c4d+ct2-int8"
    assert by_ctranslate2(seen).model.runtime == "ctranslate2"
    assert Models(seen, seen).each == (seen,)


def test_a_revision_is_a_branch_a_request_or_a_commit(hub):
    cached(hub, NAME)
    second = cached(hub, NAME, "refs/pr/45", OTHER)
    assert found(NAME, hub, revision="refs/pr/45").folder == second
    assert found(NAME, hub, revision=OTHER).folder == second
    assert found(NAME, hub).label.endswith(COMMIT[:8])


def test_a_captioner_is_asked_for_captions_only(tmp_path, hub):
    assert found(str(checkpoint(tmp_path / "blip", "blip-2")), hub).tasks == ("caption",)
    assert "tags" in found(str(checkpoint(tmp_path / "other")), hub).tasks


def test_a_folder_may_be_relative_to_the_configuration_or_to_the_home(tmp_path, hub, monkeypatch):
    folder = checkpoint(tmp_path / "mine")
    monkeypatch.setenv("HOME", str(tmp_path))
    seen = [found(name, hub) for name in (str(folder), "mine", "./mine", "~/mine")]
    assert {s.folder for s in seen} == {folder}
    assert {s.model.name for s in seen} == {str(folder)}
    assert {s.label for s in seen} == {f"mine@{fingerprint(folder)[:8]}"}


def test_a_folder_is_another_when_its_weights_or_its_words_are(tmp_path):
    first = checkpoint(tmp_path / "first")
    same = shutil.copytree(first, tmp_path / "same")
    assert fingerprint(same) == fingerprint(first), "a copy is the same model"
    trained = checkpoint(tmp_path / "trained", weights=b"\1\2\3\5")
    assert fingerprint(trained) != fingerprint(first), "another training has the same headers"
    (same / "chat_template.jinja").write_text("{{ messages }}")
    assert fingerprint(same) != fingerprint(first)


def test_a_large_file_counts_without_being_read_whole(tmp_path):
    folder = tmp_path / "large"
    folder.mkdir()
    weights = folder / "model.safetensors"
    weights.write_bytes(b"")
    os.truncate(weights, 2**31)
    before = fingerprint(folder)
    with weights.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\1")
    assert fingerprint(folder) != before


def test_the_trained_translator_is_found(hub):
    seen = found(str(NLLB), hub)
    assert seen.label.startswith("nllb@")


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"HF_HUB_CACHE": "/a"}, "/a"),
        ({"HUGGINGFACE_HUB_CACHE": "/b"}, "/b"),
        ({"HF_HOME": "/c"}, "/c/hub"),
        ({"XDG_CACHE_HOME": "/d"}, "/d/huggingface/hub"),
        ({}, "~/.cache/huggingface/hub"),
    ],
)
def test_the_cache_is_where_the_hub_has_it(environment, folder):
    assert hub_folder(environment) == Path(folder).expanduser()


def refusal(name, hub, **settings):
    with pytest.raises(EngineMissing) as refused:
        found(name, hub, **settings)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_what_is_missing_is_named_with_the_command_that_gets_it(hub):
    assert f"captiond models pull {NAME}" in refusal(NAME, hub)
    cached(hub, NAME)
    says = refusal(NAME, hub, revision="refs/pr/45")
    assert f"captiond models pull {NAME}@refs/pr/45" in says
    assert f"captiond models pull {NAME}" in refusal(NAME, hub, revision=OTHER)


def test_half_a_download_is_refused(hub):
    snapshot = cached(hub, NAME)
    weights = snapshot / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    assert "cut off" in refusal(NAME, hub)
    weights.unlink()
    assert "no weights" in refusal(NAME, hub)
    (snapshot / "pytorch_model.bin").touch()
    assert "only as pytorch_model.bin" in refusal(NAME, hub)
    (snapshot / "config.json").unlink()
    assert "config.json" in refusal(NAME, hub)
    shutil.rmtree(snapshot)
    assert "nothing was downloaded" in refusal(NAME, hub)


def test_missing_shards_are_counted(hub):
    snapshot = cached(hub, NAME)
    (snapshot / "model.safetensors").unlink()
    parts = [f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    index = {"weight_map": {"a": parts[0], "b": parts[1]}}
    (snapshot / "model.safetensors.index.json").write_text(json.dumps(index))
    assert f"2 of 2 files with weights are missing ({parts[0]}" in refusal(NAME, hub)


def test_a_reference_that_is_none_is_refused(hub):
    snapshot = cached(hub, NAME)
    (snapshot.parents[1] / "refs/main").write_text("../../../etc")
    assert "names no commit" in refusal(NAME, hub)


UNREADABLE = """if True:
    import sys
    from pathlib import Path
    from daemon.engines import EngineMissing
    from daemon.engines.cached import installed
    from daemon.engines.profiles import Model
    for name in sys.argv[2:]:
        try:
            installed(Model(name=name), Path(sys.argv[1]), {"HF_HUB_CACHE": sys.argv[1]})
        except EngineMissing as error:
            print(error)
"""


def test_what_may_not_be_read_is_said_to_whom_it_concerns(hub):
    snapshot = cached(hub, NAME)
    mine = checkpoint(hub / "closed/mine")
    places = (hub / "closed", snapshot.parents[1])
    for place in places:
        place.chmod(0)
    drop = ["setpriv", "--bounding-set=-all"] if os.geteuid() == 0 else []
    asked = (*drop, sys.executable, "-c", UNREADABLE, str(hub), str(mine), NAME)
    ran = subprocess.run(asked, capture_output=True, text=True)
    for place in places:
        place.chmod(0o700)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("let the user that captiond runs as read it") == 2


def test_without_a_home_the_cache_has_to_be_named(monkeypatch):
    monkeypatch.setattr(Path, "expanduser", homeless)
    with pytest.raises(EngineMissing, match="set HF_HOME"):
        hub_folder({})


def homeless(path):
    raise RuntimeError(f"Could not determine home directory of {path}")


@pytest.mark.parametrize("name", ["/no/such/folder", "./nowhere", "a b", "a/b/c", "~nobody-here/x"])
def test_a_name_that_cannot_be_is_refused(name, hub):
    assert name in refusal(name, hub)
