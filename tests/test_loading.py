"""Models from their folders: whole, rightly quantized and on their device, or refused with why."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch  # noqa: TID253
import transformers  # noqa: TID253
from PIL import Image
from safetensors.torch import load_file, save_file

from daemon.engines import DeviceLost, EngineError, EngineMissing, OutOfMemory
from daemon.engines.profiles import Installed, Model, Models
from daemon.engines.transformers_engine import attention, engine, open_engine, quantized
from daemon.engines.transformers_engine.faults import torch_faults
from daemon.engines.transformers_engine.loading import Loaded, load, plan_asked, plan_translator
from daemon.wire import HostSetup
from tests.eight_bit import VISION_2024, eight_bit_floats
from tests.tinies import TINIES

CPU = torch.device("cpu")


def installed(folder: Path, **how: Any) -> Installed:
    return Installed(Model(name=f"tiny/{folder.name}", **how), folder, f"tiny/{folder.name}@1")


def loaded(folder: Path, **how: Any) -> Loaded:
    plan = plan_translator if folder.name == "nllb" else plan_asked
    return load(plan(installed(folder, **how), CPU))


def refusal(folder: Path, **how: Any) -> str:
    with pytest.raises(EngineMissing) as caught:
        loaded(folder, **how)
    said = str(caught.value)
    assert f"tiny/{folder.name}@1" in said
    return said


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Compute on one core: with such small models two wait longer for each other than they work."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the folder of a tiny model by name, written once."""
    made = tmp_path_factory.mktemp("tinies")

    def folder(name: str) -> Path:
        return made / name if (made / name).exists() else TINIES[name](made / name)

    return folder


@pytest.fixture
def spoilt(tiny: Callable[[str], Path], tmp_path: Path) -> Callable[..., Path]:
    """Give a copy of a tiny model whose tensors and configuration were changed."""

    def folder(name: str, tensors: Any = None, config: dict[str, Any] | None = None) -> Path:
        copy = Path(shutil.copytree(tiny(name), tmp_path / name))
        if tensors is not None:
            held = tensors(load_file(copy / "model.safetensors"))
            save_file(held, copy / "model.safetensors", metadata={"format": "pt"})
        said = json.loads((copy / "config.json").read_text("utf-8"))
        (copy / "config.json").write_text(json.dumps({**said, **(config or {})}), "utf-8")
        return copy

    return folder


@pytest.fixture(scope="module")
def mllama(tiny: Callable[[str], Path]) -> Loaded:
    return loaded(tiny("mllama"))


@pytest.fixture(scope="module")
def shown(mllama: Loaded) -> dict[str, torch.Tensor]:
    """A question about a picture of several tiles."""
    picture = np.random.default_rng(0).integers(0, 255, (90, 120, 3), dtype=np.uint8)
    return question(mllama.processor, picture)


def logits(model: Any, shown: dict[str, torch.Tensor]) -> torch.Tensor:
    with torch.no_grad():
        said: torch.Tensor = model(**shown).logits[0, -1].float()
    return said


# Whole models


@pytest.mark.parametrize("name", sorted(TINIES))
def test_every_family_loads_as_planned(tiny: Callable[[str], Path], name: str) -> None:
    plan = plan_translator if name == "nllb" else plan_asked
    planned = plan(installed(tiny(name)), CPU)
    model = load(planned)
    assert (model.weights, model.attention) == ("float32", "sdpa")
    assert abs(model.size / planned.size - 1) < 0.001
    assert model.dtype == torch.float32
    assert not model.model.training
    assert {part.device.type for part in model.model.parameters()} == {"cpu"}
    one, other = (answer(model, given) for given in ((200, 30, 30), (30, 30, 200)))
    assert (one - other).abs().max() > 0.1, "what a model answers must depend on what it is given"


def answer(model: Loaded, colour: tuple[int, int, int]) -> torch.Tensor:
    """Give the first logits of an answer about a picture, or of a sentence about its colour."""
    if model.model.config.is_encoder_decoder:
        given = model.processor(
            f"a {'red' if colour[0] > 99 else 'blue'} circle", return_tensors="pt"
        )
        return logits(model.model, {**given, "decoder_input_ids": torch.tensor([[2]])})
    picture = np.full((90, 120, 3), colour, np.uint8)
    picture[20:40, 30:70] = 255
    return logits(model.model, question(model.processor, picture))


def question(processor: Any, picture: np.ndarray) -> dict[str, torch.Tensor]:
    said = [{"type": "image"}, {"type": "text", "text": "describe it"}]
    asked = [{"role": "user", "content": said}]
    chats = processor.chat_template is not None
    text = processor.apply_chat_template(asked, add_generation_prompt=True) if chats else ""
    return dict(processor(text=[text], images=[[Image.fromarray(picture)]], return_tensors="pt"))


@pytest.mark.parametrize("name", sorted(TINIES))
def test_in_every_family_the_language_model_alone_is_meant_to_be_quantized(
    tiny: Callable[[str], Path], name: str
) -> None:
    plan = plan_translator if name == "nllb" else plan_asked
    whole = plan(installed(tiny(name)), CPU)
    for quantization, most in (("nf4", 0.85), ("int8", 0.87)):
        planned = plan(installed(tiny(name), quantization=quantization), CPU)
        modules = planned.weights.modules
        assert all(".layers." in module for module in modules)
        assert not [m for m in modules if re.search("vision|visual|projector|qformer|lm_head", m)]
        assert planned.size < most * whole.size


@pytest.mark.parametrize(
    ("dtype", "computed"),
    [("auto", "float32"), ("float16", "float32"), ("float32", "float32"), ("bfloat16", "bfloat16")],
)
def test_a_processor_computes_in_float32_unless_told(
    tiny: Callable[[str], Path], dtype: Any, computed: str
) -> None:
    assert loaded(tiny("llava"), dtype=dtype).dtype == getattr(torch, computed)


def test_weights_too_large_for_float32_are_kept_in_half(
    tiny: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = "daemon.engines.transformers_engine.places.free_bytes"
    monkeypatch.setattr(places, lambda _: 1_500_000)
    assert loaded(tiny("llava")).dtype == torch.bfloat16
    assert loaded(tiny("llava"), dtype="float32").dtype == torch.float32


# What is not whole


def test_a_missing_weight_is_refused_and_never_made_up(spoilt: Callable[..., Path]) -> None:
    gone = "language_model.model.layers.0.mlp.up_proj.weight"
    folder = spoilt("mllama", lambda held: {k: v for k, v in held.items() if k != gone})
    said = refusal(folder)
    assert "1 weights missing from its files (model.language_model.layers.0.mlp.up_proj" in said


def test_weights_without_a_place_are_refused(spoilt: Callable[..., Path]) -> None:
    more = {f"language_model.model.layers.{n}.extra": torch.ones(2) for n in range(9)}
    said = refusal(spoilt("mllama", lambda held: {**held, **more}))
    assert re.search(r"9 weights in its files that the model has no place for \(.*, \.\.\.\)", said)


def test_a_weight_of_another_shape_is_refused(spoilt: Callable[..., Path]) -> None:
    name = "multi_modal_projector.linear_1.weight"
    said = refusal(spoilt("llava", lambda held: {**held, name: torch.ones(3, 3)}))
    assert f"1 weights of another shape than the model (model.{name})" in said


def test_tied_weights_are_not_missing(tiny: Callable[[str], Path]) -> None:
    held = load_file(tiny("nllb") / "model.safetensors")
    assert "model.encoder.embed_tokens.weight" not in held
    model = loaded(tiny("nllb")).model
    assert model.lm_head.weight is model.model.encoder.embed_tokens.weight


def test_weights_of_another_architecture_are_refused(
    spoilt: Callable[..., Path], tiny: Callable[[str], Path]
) -> None:
    folder = spoilt("llava")
    shutil.copy(tiny("mllama") / "model.safetensors", folder)
    said = refusal(folder)
    assert "missing from its files" in said
    assert "has no place for" in said


def test_a_truncated_file_is_refused_before_anything_is_loaded(
    spoilt: Callable[..., Path],
) -> None:
    weights = spoilt("llava") / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    assert "is cut off" in refusal(weights.parent)


def test_an_unknown_architecture_is_refused_without_running_its_code(
    spoilt: Callable[..., Path],
) -> None:
    code = "import pathlib; pathlib.Path(__file__).with_name('ran').touch()"
    config = {"model_type": "unheard-of", "auto_map": {"AutoConfig": "own.Config"}}
    folder = spoilt("llava", config=config)
    (folder / "own.py").write_text(code)
    assert transformers.__version__ in refusal(folder)
    assert not (folder / "ran").exists()


def test_a_model_of_words_alone_is_not_shown_pictures(spoilt: Callable[..., Path]) -> None:
    text = {"model_type": "llama", "architectures": ["LlamaForCausalLM"]}
    assert "LlamaForCausalLM is no model that sees pictures" in refusal(spoilt("llava", None, text))


def test_a_model_that_sees_does_not_translate(tiny: Callable[[str], Path]) -> None:
    with pytest.raises(EngineMissing, match=r"translat|code"):
        plan_translator(installed(tiny("llava")), CPU)


def test_a_half_written_tokenizer_is_refused(spoilt: Callable[..., Path]) -> None:
    folder = spoilt("llava")
    (folder / "tokenizer.json").write_text('{"version": ')
    assert "cannot load it" in refusal(folder)


# Quantized weights


def test_four_bits_are_close_to_the_weights_they_stand_for(
    tiny: Callable[[str], Path], mllama: Loaded
) -> None:
    from bitsandbytes.functional import dequantize_4bit

    planned = plan_asked(installed(tiny("mllama"), quantization="nf4"), CPU)
    held = load(planned)
    assert abs(held.size / planned.size - 1) < 0.01
    model = held.model
    modules = [name for name, part in model.named_modules() if type(part).__name__ == "Linear4bit"]
    assert len(modules) == 28
    assert all(name.startswith("model.language_model.") for name in modules)
    for name in modules:
        weight, true = model.get_submodule(name).weight, mllama.model.get_submodule(name).weight
        error = (dequantize_4bit(weight.data, weight.quant_state) - true).norm() / true.norm()
        assert 0.05 < error < 0.12, name


def test_eight_bits_answer_almost_alike(
    tiny: Callable[[str], Path], mllama: Loaded, shown: dict[str, torch.Tensor]
) -> None:
    model = loaded(tiny("mllama"), quantization="int8").model
    alike = torch.cosine_similarity(logits(model, shown), logits(mllama.model, shown), 0)
    assert 0.99 < alike < 1


OWN = ["model.vision_model", "model.multi_modal_projector", "lm_head"]


@pytest.mark.parametrize(
    ("skipped", "listed"),
    [
        (OWN, OWN),
        (OWN, ["vision_model", "multi_modal_projector", "language_model.lm_head"]),
        (["model.multi_modal_projector"], None),
    ],
    ids=["names of today", "names of 2024", "default of 2024"],
)
def test_four_bit_checkpoints_are_exact_whatever_their_list_says(
    tiny: Callable[[str], Path],
    tmp_path: Path,
    mllama: Loaded,
    shown: dict[str, torch.Tensor],
    skipped: list[str],
    listed: list[str] | None,
) -> None:
    kind = transformers.MllamaForConditionalGeneration
    how = transformers.BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.float32, llm_int8_skip_modules=skipped,
    )  # fmt: skip
    made = kind.from_pretrained(tiny("mllama"), local_files_only=True, quantization_config=how)
    folder = tmp_path / "quantized"
    made.eval().save_pretrained(folder)  # before it is run: that changes the scales
    mllama.processor.save_pretrained(folder)
    config = json.loads((folder / "config.json").read_text())
    config["quantization_config"]["llm_int8_skip_modules"] = listed
    (folder / "config.json").write_text(json.dumps(config))
    names = load_file(folder / "model.safetensors")
    assert "language_model.model.layers.0.mlp.up_proj.weight.absmax" in names  # as in 2024

    if listed != skipped:  # and this is what happens without us
        with pytest.raises((RuntimeError, AssertionError)):
            logits(kind.from_pretrained(folder, local_files_only=True), shown)

    model = loaded(folder)
    assert model.weights == "nf4"
    assert torch.equal(logits(model.model, shown), logits(made, shown))


@pytest.fixture
def fp8(spoilt: Callable[..., Path], tmp_path: Path) -> tuple[Path, Path]:
    """An FP8 checkpoint of 2024, and a plain one of the weights that it stands for."""
    folder = spoilt("mllama")
    plain = Path(shutil.copytree(folder, tmp_path / "plain"))
    meant = eight_bit_floats(folder, load_file(folder / "model.safetensors"), VISION_2024)
    save_file(meant, plain / "model.safetensors", metadata={"format": "pt"})
    return folder, plain


def test_fp8_checkpoints_are_unpacked_exactly_where_nothing_computes_with_them(
    fp8: tuple[Path, Path], shown: dict[str, torch.Tensor]
) -> None:
    folder, plain = fp8
    kind = transformers.MllamaForConditionalGeneration
    naive = kind.from_pretrained(folder, local_files_only=True)
    assert not logits(naive, shown).isfinite().any()  # and this is what happens without us

    model = loaded(folder)
    assert model.weights == "fp8 unpacked to float32"
    assert any("take as much memory" in note for note in model.notes)
    assert torch.equal(logits(model.model, shown), logits(loaded(plain).model, shown))


def test_fp8_checkpoints_stay_as_they_are_where_a_gpu_computes_with_them(
    fp8: tuple[Path, Path], shown: dict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The GPU is pretended: torch has these products on processors as well."""
    folder, plain = fp8
    with monkeypatch.context() as pretended:
        pretended.setattr(quantized, "_multiplies_fp8", lambda _: True)
        pretended.setattr(torch.cuda, "is_available", lambda: True)
        pretended.setattr(torch.cuda, "get_device_capability", lambda *_: (9, 0))
        model = loaded(folder)
    assert model.weights == "fp8"
    assert sum(part.dtype == torch.float8_e4m3fn for part in model.model.parameters()) == 28
    assert model.size < 0.75 * loaded(plain).size
    alike = torch.cosine_similarity(
        logits(model.model, shown), logits(loaded(plain).model, shown), 0
    )
    assert 0.97 < alike < 1


def test_scales_that_are_missing_are_refused(fp8: tuple[Path, Path]) -> None:
    held = load_file(fp8[0] / "model.safetensors")
    del held["language_model.model.layers.0.mlp.up_proj.weight_scale"]
    save_file(held, fp8[0] / "model.safetensors", metadata={"format": "pt"})
    assert "up_proj" in refusal(fp8[0])


def test_quantized_weights_that_the_configuration_is_silent_about_are_refused(
    fp8: tuple[Path, Path],
) -> None:
    config = json.loads((fp8[0] / "config.json").read_text())
    del config["quantization_config"]
    (fp8[0] / "config.json").write_text(json.dumps(config))
    assert "28 weights in its files that the model has no place for" in refusal(fp8[0])


def test_a_quantization_that_is_not_in_the_files_is_refused(spoilt: Callable[..., Path]) -> None:
    how = {"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True}}
    assert "but no weight is quantized" in refusal(spoilt("mllama", config=how))


def test_a_quantization_that_cannot_be_checked_is_refused(spoilt: Callable[..., Path]) -> None:
    folder = spoilt("mllama", config={"quantization_config": {"quant_method": "awq"}})
    assert "quantized by 'awq'" in refusal(folder)


def test_weights_are_not_quantized_twice(fp8: tuple[Path, Path]) -> None:
    assert "quantized already (compressed-tensors)" in refusal(fp8[0], quantization="nf4")


# Attention


def test_mllama_takes_no_flash_attention_and_others_say_what_is_missing(
    tiny: Callable[[str], Path],
) -> None:
    for name, said in (("mllama", "does not support"), ("llava", "installed")):
        config = transformers.AutoConfig.from_pretrained(tiny(name), local_files_only=True)
        kind = getattr(transformers, config.architectures[0])
        assert said in attention._refusal(kind, config, attention.FLASH)
        assert attention.choose(kind, config, CPU, torch.bfloat16).name == "sdpa"


@pytest.mark.parametrize(
    ("device", "dtype", "capability", "why"),
    [
        ("cpu", torch.bfloat16, (9, 0), "NVIDIA GPUs only"),
        ("cuda:0", torch.float32, (9, 0), "does not compute in float32"),
        ("cuda:0", torch.float16, (7, 5), "older than flash-attn"),
        ("cuda:0", torch.bfloat16, (9, 0), "is not installed"),
    ],
)
def test_it_is_said_why_flash_attention_is_not_used(
    device: str, dtype: Any, capability: Any, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
    assert why in attention.why_no_flash(torch.device(device), dtype)


def test_flash_attention_that_was_built_for_another_torch_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "flash_attn"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('undefined symbol: _ZN2at')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: (9, 0))
    why = attention.why_no_flash(torch.device("cuda:0"), torch.bfloat16)
    assert "cannot be loaded: undefined symbol" in why


# What torch raises


@pytest.mark.parametrize(
    ("raised", "ours"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), OutOfMemory),
        (RuntimeError("CUDA error: out of memory"), OutOfMemory),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling x"), OutOfMemory),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), OutOfMemory),
        (MemoryError(), OutOfMemory),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), DeviceLost),
        (torch.AcceleratorError("CUDA error: device-side assert triggered"), DeviceLost),
        (RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"), DeviceLost),
        (RuntimeError("CUBLAS_STATUS_EXECUTION_FAILED when calling cublasLtMatmul"), DeviceLost),
        (RuntimeError("The size of tensor a (3) must match"), RuntimeError),
        (ValueError("Videos have no frames"), ValueError),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, Exception) else value.__name__,
)
def test_faults_of_torch_are_told_apart(raised: Exception, ours: type[Exception]) -> None:
    with pytest.raises(ours) as caught, torch_faults("cuda:1", "answering"):
        raise raised
    assert type(caught.value) is ours
    if issubclass(ours, EngineError):
        assert "cuda:1" in str(caught.value)
        assert "answering" in str(caught.value)


def test_memory_that_really_runs_out_is_told_and_given_back() -> None:
    import weakref

    held = []

    def grow() -> None:
        tensor = torch.ones(8)
        held.append(weakref.ref(tensor))
        torch.empty(1 << 50)

    with pytest.raises(OutOfMemory), torch_faults("cpu", "growing"):
        grow()
    assert held[0]() is None


# The engine


def told(*_: Any) -> None:
    """Be told what is being done."""


@pytest.fixture
def opened(tmp_path: Path) -> Any:
    return open_engine(HostSetup(tmp_path, tmp_path, "cpu", Models(), threads=1))


def test_a_device_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cuda:5 is not there"):
        open_engine(HostSetup(tmp_path, tmp_path, "cuda:5", Models()))


def test_a_torchvision_that_breaks_transformers_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torchvision.py").write_text(
        "raise RuntimeError('operator torchvision::nms does not exist')"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EngineMissing, match=r"nms does not exist.*pip uninstall torchvision"):
        open_engine(HostSetup(tmp_path, tmp_path, "cpu", Models()))


def test_models_are_loaded_once_and_dropped_for_room(
    opened: Any, tiny: Callable[[str], Path]
) -> None:
    loads: list[str] = []
    beat = lambda doing, patience_s=60.0: loads.append(doing)  # noqa: E731
    llava, mllama = installed(tiny("llava")), installed(tiny("mllama"))
    first = opened.asker(llava, beat)
    assert opened.asker(llava, beat) is first
    opened.asker(mllama, beat)
    opened.make_room()
    assert opened.asker(llava, beat) is not first
    assert loads == [f"loading {one.label}" for one in (llava, mllama, llava)]


def test_the_model_used_longest_ago_makes_room_for_the_next(
    opened: Any, tiny: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    models = [installed(tiny(name)) for name in ("llava", "blip2", "mllama")]
    have = {model: opened.asker(model, told) for model in models[:2]}
    opened.asker(models[0], told)
    monkeypatch.setattr(engine, "free_bytes", lambda _: (3 - len(opened._kept)) * 1_000_000)
    opened.asker(models[2], told)
    assert list(opened._kept) == [models[0], models[2]]
    assert opened.asker(models[0], told) is have[models[0]]


def test_a_model_that_no_room_suffices_for_is_refused_with_sizes(
    opened: Any, tiny: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.asker(installed(tiny("llava")), told)
    monkeypatch.setattr(engine, "free_bytes", lambda _: 1000)
    with pytest.raises(EngineError, match=r"needs 0\.0 GB.* has 0\.0 GB free") as caught:
        opened.asker(installed(tiny("mllama")), told)
    assert not isinstance(caught.value, EngineMissing)  # it may fit later
    assert not opened._kept
