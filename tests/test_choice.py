"""The engine follows from configuration, downloads and devices, and says in one line why."""

import json
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest

from daemon import probe
from daemon.checks.engines import engine as checks
from daemon.chosen import Looking, chosen, chosen_before
from daemon.config import Config, EngineChoice
from daemon.endpoints import Endpoint
from daemon.engines import EngineError, EngineMissing
from daemon.engines.choice import choose, description_key
from daemon.engines.devices import Device, Machine
from daemon.engines.profiles import known_profiles
from daemon.toml_keys import ConfigError
from metadata.asset import Asset, MediaKind, Stat
from tests.checkpoints import cached, checkpoint

GB = 10**9
NLLB = Path(__file__).parent / "models/nllb"
PROFILES = {profile.name: profile for profile in known_profiles()}


@pytest.fixture(autouse=True)
def hub(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def downloaded(hub, *names):
    """Put every model of the profiles *names* into the cache."""
    for name in names:
        for model in PROFILES[name].models:
            place = hub / f"models--{model.name.replace('/', '--')}"
            if not place.exists():
                cached(hub, model.name, model.revision or "main")


def gpu(free, total=None, number=0, capability=8.9, fault=""):
    title = f"GPU of {total or free} GB"
    size = int((total or free) * GB)
    return Device(f"cuda:{number}", title, size, int(free * GB), capability, fault)


def looking(*devices, **machine):
    return Looking(lambda: Machine(devices=devices, torch="2.13", **machine))


def configured(tmp_path, languages=("es", "fr"), **engine):
    return Config(state_dir=tmp_path, languages=languages, engine=EngineChoice(**engine))


def taken(hub, *devices, **engine):
    return choose(configured(hub.parent, **engine), looking(*devices))


def never():
    raise AssertionError("nobody should look for devices")


def test_without_models_nobody_looks_for_devices(tmp_path):
    choice = choose(configured(tmp_path), never)
    assert (choice.name, choice.devices, choice.models.each) == ("builtin", (), ())
    assert f"no models are in {tmp_path / 'hub'}" in choice.why
    assert choose(configured(tmp_path, use="builtin"), never).why == "asked for by engine.use"


def test_without_the_extra_the_remedy_is_named(tmp_path, hub, monkeypatch):
    downloaded(hub, "cpu")
    monkeypatch.setattr("daemon.engines.modelled.PACKAGES", ("torch", "no_such_package"))
    choice = choose(configured(tmp_path), never)
    assert choice.name == "builtin"
    assert "models extra is not installed (no_such_package)" in choice.why
    with pytest.raises(EngineMissing, match=r"pip install 'captiond\[models\]'"):
        choose(configured(tmp_path, use="transformers"), never)


def test_a_gpu_and_a_profile_that_is_here_are_taken(hub):
    downloaded(hub, "8gb")
    choice = taken(hub, gpu(7.5, 8.5))
    assert (choice.name, choice.devices) == ("transformers", ("cuda:0",))
    assert choice.why == "8gb on GPU of 8.5 GB"
    assert choice.model == "Qwen/Qwen3.5-4B@1a2b3c4d+nf4"
    assert choice.models.video is None


def test_auto_leaves_the_cpu_to_the_builtin_engine(hub):
    downloaded(hub, "cpu")
    assert taken(hub).why == "no GPU was found"
    assert taken(hub).name == "builtin"
    forced = taken(hub, use="transformers")
    assert forced.devices == ("cpu",)
    assert "cpu on the CPU" in forced.why
    translation = forced.models.translation
    assert translation and translation.model.runtime == "ctranslate2"
    assert translation.label.endswith("+ct2-int8")


@pytest.mark.parametrize(
    ("free", "total", "profile"),
    [
        (100, 140, "80gb"),
        (23, 25, "24gb"),
        (20, 25, "16gb"),
        (9, 25, "8gb"),
        (7, 8.5, "8gb"),
    ],
)
def test_the_largest_profile_that_fits_is_taken(hub, free, total, profile):
    downloaded(hub, "80gb", "24gb", "16gb", "8gb", "cpu")
    assert taken(hub, gpu(free, total)).why.startswith(f"{profile} on")


def test_a_full_gpu_is_waited_for_rather_than_given_up(hub):
    downloaded(hub, "8gb", "24gb")
    choice = taken(hub, gpu(1.5, 25))
    assert choice.name == "transformers"
    assert choice.why.startswith("8gb on")
    assert "needs 6.5 GB and 1.5 GB are free" in choice.why


def test_a_gpu_that_is_too_small_is_said(hub):
    downloaded(hub, "16gb")
    downloaded(hub, "llama-16gb")
    small = taken(hub, gpu(3, 4))
    assert small.name == "builtin"
    assert "16gb, needs 13.5 GB" in small.why
    with pytest.raises(EngineError, match=r"fits on this GPU \(4.0 GB\)"):
        taken(hub, gpu(3, 4), use="transformers")
    named = taken(hub, gpu(3, 4), use="transformers", profile="16gb")
    assert named.devices == ("cuda:0",)
    assert "made for 13.5 GB, so it may not fit" in named.why


def test_fp8_needs_a_gpu_that_has_it(hub):
    downloaded(hub, "llama-16gb", "llama-24gb")
    assert taken(hub, gpu(24, capability=8.9)).why.startswith("llama-24gb")
    assert taken(hub, gpu(24, capability=8.6)).why.startswith("llama-16gb")


def test_the_work_goes_to_every_gpu_that_is_large_enough(hub):
    downloaded(hub, "16gb")
    choice = taken(hub, gpu(15, 16, 0), gpu(3, 4, 1), gpu(2, 16, 2), gpu(16, 17, 3, fault="broken"))
    assert choice.devices == ("cuda:0", "cuda:2")


def test_a_gpu_that_does_not_compute_is_named(hub):
    downloaded(hub, "8gb")
    choice = taken(hub, gpu(8, fault="no kernel image is available"))
    assert choice.name == "builtin"
    assert "does not work: no kernel image is available" in choice.why


def test_a_torch_that_cannot_be_loaded_is_said(hub, tmp_path):
    downloaded(hub, "8gb")
    broken = looking(fault="torch cannot be loaded: libcudart.so.13")
    assert "libcudart" in choose(configured(tmp_path), broken).why
    with pytest.raises(EngineError, match="libcudart"):
        choose(configured(tmp_path, use="transformers"), broken)


def test_what_lacks_of_a_profile_is_named_with_the_command(hub):
    downloaded(hub, "llama-16gb")
    (hub / "models--facebook--nllb-200-distilled-600M").rename(hub / "elsewhere")
    choice = taken(hub, gpu(16))
    assert choice.name == "builtin"
    assert "captiond models pull facebook/nllb-200-distilled-600M@refs/pr/45" in choice.why
    english = taken(hub, gpu(16), translation_model="none")
    assert (english.name, english.models.translation) == ("transformers", None)


def test_an_unknown_profile_is_the_users_to_mend(tmp_path):
    with pytest.raises(ConfigError, match=r'no "lama-16gb"; did you mean llama-16gb\?'):
        choose(configured(tmp_path, profile="lama-16gb"), never)


def test_servers_are_asked_where_the_configuration_says_so(tmp_path):
    first = Endpoint(url="http://127.0.0.1:1/v1", model="qwen", side=800)
    second = Endpoint(url="http://box/v1", model="gemma", frames=4)
    choice = choose(configured(tmp_path, use="openai", endpoints=(first, second)), never)
    assert (choice.name, choice.model, choice.translator) == ("openai", "qwen", "qwen")
    assert choice.why == "asked for by engine.use, on http://127.0.0.1:1/v1 and http://box/v1"
    assert (choice.languages, choice.devices) == (("es", "fr"), ())
    viewer = choice.viewer(MediaKind.VIDEO)
    assert viewer and viewer.remote and (viewer.side, viewer.frames) == (800, 4)
    assert viewer.labels == ("qwen", "gemma")
    with pytest.raises(EngineError, match="endpoints]] is set"):
        choose(configured(tmp_path, use="openai"), never)


def test_own_models_stand_alone_or_in_a_profile(hub, tmp_path):
    downloaded(hub, "llama-16gb")
    mine = str(checkpoint(tmp_path / "mine"))
    alone = taken(hub, gpu(16), image_model=mine)
    assert alone.why.startswith("own models on")
    assert len(alone.models.each) == 1
    inside = taken(hub, gpu(16), profile="llama-16gb", image_model=mine, quantize="int8")
    assert inside.model.startswith("mine@") and inside.model.endswith("+int8")
    assert inside.models.video and inside.models.video.model.quantization == ""
    all_own = taken(hub, gpu(16), image_model=mine, video_model=mine, translation_model=str(NLLB))
    assert len(all_own.models.each) == 2


def test_frames_and_quantization_can_be_set(hub):
    downloaded(hub, "8gb", "llama-16gb")
    small = taken(hub, gpu(8), profile="8gb", video_frames=24)
    assert small.models.image and small.models.image.model.frames == 24
    both = taken(hub, gpu(16), profile="llama-16gb", video_frames=24)
    assert both.models.image and both.models.image.model.frames == 8
    assert both.models.video and both.models.video.model.frames == 24
    plain = taken(hub, gpu(16), image_model="Qwen/Qwen3.5-4B", quantize="none")
    assert plain.model == "Qwen/Qwen3.5-4B@1a2b3c4d"


def test_each_kind_is_worded_by_its_own_model(hub):
    downloaded(hub, "llama-16gb")
    choice = taken(hub, gpu(16))
    assert choice.model_for(MediaKind.IMAGE) == choice.model
    assert choice.model_for(MediaKind.VIDEO) == "llava-hf/LLaVA-NeXT-Video-7B-hf@1a2b3c4d"
    builtin = taken(hub)
    assert builtin.model_for(MediaKind.VIDEO) == builtin.model == builtin.model_for(MediaKind.IMAGE)


def test_the_languages_are_those_that_the_translator_knows(hub):
    downloaded(hub, "8gb")
    languages = ("es", "ko", "pt-BR", "tlh", "en-GB")
    config = configured(hub.parent, languages)
    choice = choose(config, looking(gpu(8)))
    assert (choice.languages, choice.unspoken) == (("es", "ko", "pt-BR", "en-GB"), ("tlh",))
    mute = configured(hub.parent, languages, translation_model="none")
    choice = choose(mute, looking(gpu(8)))
    assert (choice.languages, choice.unspoken) == (("en-GB",), ("es", "ko", "pt-BR", "tlh"))
    assert choice.why_unspoken == "there is no translation model"


def test_whatever_changes_the_words_changes_the_key(hub, tmp_path):
    downloaded(hub, "llama-16gb", "8gb")
    asset = Asset(
        path=tmp_path / "a.jpg", kind=MediaKind.IMAGE, format="jpeg", content="sha256:c0ffee",
        stat=Stat(1, 2, 3, 4, 5), width=4, height=4,
    )  # fmt: skip
    base = taken(hub, gpu(16), profile="llama-16gb")
    others = [
        taken(hub, gpu(16), profile="8gb"),
        taken(hub, gpu(16), profile="llama-16gb", temperature=0.3),
        taken(hub, gpu(16), profile="llama-16gb", max_tokens=100),
        taken(hub, gpu(16), profile="llama-16gb", video_frames=24),
        taken(hub, gpu(16), profile="llama-16gb", video_model="none"),
        taken(hub, gpu(16), profile="llama-16gb", translation_model="none"),
        taken(hub, gpu(16), use="builtin"),
        replace(base, prompts=(("caption", "caption@00000000"),)),
    ]
    keys = {description_key(asset, choice, ("caption",)) for choice in (base, *others)}
    assert len(keys) == 1 + len(others)
    again = taken(hub, gpu(12, 16), gpu(16, number=1), profile="llama-16gb")
    assert description_key(asset, again, ("caption",)) in keys, "devices change no words"
    first, second = (Endpoint(url=f"http://{name}/v1", model="m") for name in "ab")
    one, two, small, other = (
        description_key(asset, replace(base, servers=servers), ("caption",))
        for servers in (
            (first,),
            (first, second),
            (first, replace(second, side=64)),
            (first, replace(second, model="n")),
        )
    )
    assert one == two, "nor does another server with the same model"
    assert len({one, small, other}) == 3


def test_the_prompts_are_part_of_the_choice(hub, tmp_path):
    downloaded(hub, "8gb")
    config = configured(tmp_path)
    assert dict(chosen(config, looking(gpu(8))).prompts)["caption"].startswith("caption@")
    assert chosen(config, looking()).prompts == ()


def test_others_ask_what_the_last_captiond_found(hub, tmp_path):
    downloaded(hub, "8gb")
    config = configured(tmp_path)
    assert chosen_before(config).name == "builtin"
    look = looking(gpu(8))
    first = chosen(config, look)
    look.keep(tmp_path)
    assert chosen_before(config) == first
    (tmp_path / probe.NAME).write_text("{")
    assert chosen_before(config).name == "builtin"


def test_nothing_is_started_where_the_kernel_shows_no_gpu(tmp_path, monkeypatch):
    monkeypatch.setattr(probe, "ask", never)
    assert probe.look(tmp_path).devices == ()
    (tmp_path / "nvidiactl").touch()
    assert probe.look(tmp_path).torch.startswith("2.")
    (tmp_path / "nvidia0").touch()
    with pytest.raises(AssertionError):
        probe.look(tmp_path)


@pytest.mark.parametrize(
    ("library", "text", "says"),
    [
        ("torch", "raise ImportError('libcudart.so.13: no such file')", "libcudart"),
        ("torch", "import os; os._exit(3)", "exit code 3"),
        ("torch", "import sys; print('{'); sys.exit('out of luck')", "out of luck"),
    ],
)
def test_a_probe_that_breaks_down_says_why(tmp_path, monkeypatch, library, text, says):
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / f"{library}.py").write_text(text)
    monkeypatch.setattr(sys, "path", [str(broken), *sys.path])
    assert says in probe.ask().fault


def test_the_probe_tells_of_this_machine_and_of_a_torchvision_that_breaks(tmp_path, monkeypatch):
    assert find_spec("torchvision") is None, "beside a CPU torch it breaks models"
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "torchvision.py").write_text("raise RuntimeError('operator nms does not exist')")
    monkeypatch.setattr(sys, "path", [str(broken), *sys.path])
    seen = probe.ask()
    assert seen.fault == ""
    assert seen.torch[0].isdigit()
    assert seen.transformers.startswith("5.")
    assert seen.torchvision == "operator nms does not exist"


def test_the_choice_is_made_without_torch(hub, tmp_path):
    downloaded(hub, "8gb")
    script = """if True:
        import json, sys
        from daemon.chosen import Looking, chosen
        from daemon.config import Config, EngineChoice
        from daemon.engines.devices import Device, Machine
        machine = Machine((Device("cuda:0", "x", 8 * 10**9, 8 * 10**9, 9.0),))
        choice = chosen(Config(), lambda: machine)
        heavy = ("torch", "transformers", "huggingface_hub", "numpy", "safetensors")
        print(json.dumps([choice.name, [name for name in heavy if name in sys.modules]]))
    """
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert json.loads(ran.stdout) == ["transformers", []], ran.stderr


def test_the_doctor_tells_of_models_devices_and_licences(hub, tmp_path):
    downloaded(hub, "llama-16gb")
    config = configured(tmp_path, languages=("es", "tlh"))
    seen = checks(config, looking(gpu(16.5), transformers="5.23", flash="2.8"))
    told = {check.name: check for check in seen}
    assert all(check.ok for check in seen if check.name != "languages")
    assert "llama-16gb on GPU of 16.5 GB" in told["engine"].says
    assert "16.5 of 16.5 GB free" in told["device cuda:0"].says
    for name in ("image model", "video model", "translation model"):
        assert "licence: " in told[name].says
        assert "real weights were not run by us" in told[name].says
    assert "no commercial use" in told["translation model"].says
    assert "flash-attn 2.8" in told["attention"].says
    assert told["languages"].says.endswith("does not know them, so left out: tlh")


def test_the_doctor_says_what_to_download(hub, tmp_path):
    downloaded(hub, "llama-16gb")
    weights = next(hub.glob("models--llava*/snapshots/*/model.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1])
    config = configured(tmp_path, use="transformers", profile="llama-16gb")
    told = {check.name: check for check in checks(config, looking(gpu(16)))}
    assert told["engine"].ok is told["video model"].ok is False
    assert "cut off" in told["video model"].says
    assert told["image model"].ok and told["translation model"].ok


def test_the_doctor_finds_what_breaks_or_slows_models(hub, tmp_path, monkeypatch):
    downloaded(hub, "cpu")
    config = configured(tmp_path, use="transformers")
    broken = gpu(8, fault="no kernel image")
    told = {c.name: c for c in checks(config, looking(broken, torchvision="no nms"))}
    assert told["torchvision"].ok is told["device cuda:0"].ok is False
    assert "pip uninstall torchvision" in told["torchvision"].do
    assert told["translation"].ok is True
    monkeypatch.setattr(
        "daemon.engines.modelled.find_spec", lambda name: None if name == "ctranslate2" else name
    )
    told = {c.name: c for c in checks(config, looking())}
    assert told["translation"].ok is None
    assert "captiond[ct2]" in told["translation"].do


def test_a_machine_travels_as_json():
    machine = Machine((gpu(8),), "2.13.0", "5.23.0", fault="x")
    assert msgspec.json.decode(msgspec.json.encode(machine), type=Machine) == machine


def test_another_keyword_list_makes_other_keywords(hub, tmp_path):
    downloaded(hub, "cpu")
    words = tmp_path / "keywords.txt"
    config = replace(configured(tmp_path, use="transformers"), vocabulary=str(words))

    def version(**changed):
        return dict(chosen(replace(config, **changed), looking()).prompts)["tags"]

    words.write_text("dog\ncat\n")
    first = version(vocabulary_mode="only")
    assert "+only@" in first
    words.write_text("dog\nhorse\n")
    assert version(vocabulary_mode="only") != first
    # what is preferred is followed when a description is written
    assert version() == version(vocabulary="")
