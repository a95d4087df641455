"""Models from their folders onto a device, whole and as they were trained, or not at all."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from daemon.engines import EngineMissing
from daemon.engines.checkpoint import Checkpoint, broken, inspect
from daemon.engines.profiles import Installed
from daemon.engines.transformers_engine import attention, places, processing, quantized
from daemon.engines.transformers_engine.attention import Attention
from daemon.engines.transformers_engine.faults import torch_faults
from daemon.engines.transformers_engine.quantized import Weights

if TYPE_CHECKING:
    import torch

SHOWN = 3
"""How many of the weights that are at fault are named."""
CPU_SHARE = 0.6
"""The part of the free memory that weights may take on a processor in float32."""

_WHAT = {
    "ImageTextToText": "sees pictures", "SpeechSeq2Seq": "hears speech", "Seq2SeqLM": "translates",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model on its device, in eval mode, and the *processor* that makes tensors for it.

    The processor is a tokenizer for a translation model. Floating-point inputs are given in
    *dtype*. *attention* says which one is used, *weights* how the model's weights are kept,
    *size* how many bytes they take, *notes* what the log and ``doctor`` should say of it.
    """

    installed: Installed
    model: Any
    processor: Any
    device: "torch.device"
    dtype: "torch.dtype"
    attention: str
    weights: str
    size: int
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name the model for messages."""
        return self.installed.label


@dataclass(frozen=True, slots=True)
class Planned:
    """A model whose folder is whole, before its weights are read onto *device*.

    *size* is what they will take there, in bytes.
    """

    checkpoint: Checkpoint
    kind: Any
    config: Any
    processor: Any
    device: "torch.device"
    dtype: "torch.dtype"
    attention: Attention
    weights: Weights
    size: int


def plan_asked(installed: Installed, device: "torch.device") -> Planned:
    """Look at a model that is shown pictures and asked about them, and decide how it is run.

    Raises EngineMissing with what is wrong with its folder.
    """
    from transformers import AutoModelForImageTextToText

    return _plan(installed, AutoModelForImageTextToText, processing.for_pictures, device)


def plan_translator(installed: Installed, device: "torch.device") -> Planned:
    """Look at a model that translates, whose tokenizer must know the codes of languages.

    Raises EngineMissing with what is wrong with its folder.
    """
    from transformers import AutoModelForSeq2SeqLM

    return _plan(installed, AutoModelForSeq2SeqLM, processing.for_translation, device)


def plan_listener(installed: Installed, device: "torch.device") -> Planned:
    """Look at a Whisper, which is computed in fp16 on a GPU where nothing else is configured.

    Raises EngineMissing with what is wrong with its folder.
    """
    from transformers import AutoModelForSpeechSeq2Seq

    if installed.model.dtype == "auto" and device.type == "cuda":
        installed = replace(installed, model=replace(installed.model, dtype="float16"))
    return _plan(installed, AutoModelForSpeechSeq2Seq, processing.for_speech, device)


def load(planned: Planned) -> Loaded:
    """Read the weights onto the device.

    Raises EngineMissing where not all of the model is in its files, OutOfMemory, or DeviceLost.
    """
    checkpoint, weights, device = planned.checkpoint, planned.weights, planned.device
    installed = checkpoint.installed
    with _making_sense(installed), torch_faults(str(device), f"loading {installed.label}"):
        model = _read(planned)
    quantized.confirm(checkpoint, model, weights)
    chosen = planned.attention
    why = f"attention is {chosen.name}{chosen.why and f', as {chosen.why}'}"
    return Loaded(
        installed, model, planned.processor, device, planned.dtype, chosen.name, weights.kind,
        sum(tensor.nbytes for tensor in _tensors(model)), (*weights.notes, why),
    )  # fmt: skip


def _plan(
    installed: Installed,
    auto: Any,
    processor_for: Callable[[Checkpoint], Any],
    device: "torch.device",
) -> Planned:
    checkpoint = inspect(installed)
    with _making_sense(installed), torch_faults(str(device), f"looking at {installed.label}"):
        config = _config(installed)
        kind = _kind(checkpoint, auto, config)
        processor = processor_for(checkpoint)
        dtype = computing_dtype(checkpoint, device)
        chosen = attention.choose(kind, config, device, dtype)
        bare = attention.skeleton(kind, config, chosen.name)
        weights = quantized.plan(checkpoint, bare, device, dtype)
    size = _size(bare, weights, dtype)
    return Planned(checkpoint, kind, config, processor, device, dtype, chosen, weights, size)


def _size(bare: Any, weights: Weights, dtype: "torch.dtype") -> int:
    packed = sum(bare.get_submodule(name).weight.numel() for name in weights.modules)
    whole = sum(tensor.numel() for tensor in _tensors(bare)) - packed
    return int(whole * dtype.itemsize + packed * weights.bits / 8)


def _tensors(model: Any) -> Iterator[Any]:
    return itertools.chain(model.parameters(), model.buffers())


def _config(installed: Installed) -> Any:
    from transformers import AutoConfig

    return AutoConfig.from_pretrained(
        installed.folder, local_files_only=True, trust_remote_code=False
    )


def _kind(checkpoint: Checkpoint, auto: Any, config: Any) -> Any:
    """Find the class for a configuration: one of transformers' own, which the weights are for."""
    kind = auto._model_mapping.get(type(config), None)
    if isinstance(kind, tuple):
        kind = next((one for one in kind if one.__name__ == checkpoint.architecture), kind[0])
    if kind is None:
        what = next(does for end, does in _WHAT.items() if auto.__name__.endswith(end))
        raise EngineMissing(
            f"{checkpoint.installed.label}: {checkpoint.architecture} is no model that {what} to "
            f"transformers {version('transformers')}; choose another model"
        )
    return kind


def computing_dtype(checkpoint: Checkpoint, device: "torch.device") -> "torch.dtype":
    """Choose what is computed in: as configured, else bf16 on a GPU that has it, else fp16.

    On a processor float32, in which a batch gives the answers of one at a time; bf16 there only
    for weights that float32 would leave no room beside, as it is no faster without AMX.
    """
    import torch

    wanted = checkpoint.installed.model.dtype
    if device.type == "cuda" and wanted == "auto":
        with torch.cuda.device(device):
            capable = torch.cuda.is_bf16_supported(including_emulation=False)
        return torch.bfloat16 if capable else torch.float16
    if device.type == "cuda" or wanted == "bfloat16":
        chosen: torch.dtype = getattr(torch, wanted)
        return chosen
    tight = 4 * checkpoint.count > CPU_SHARE * places.free_bytes(device)
    return torch.bfloat16 if tight and wanted != "float32" else torch.float32


def _read(planned: Planned) -> Any:
    """Read the weights, and refuse a model that is not given exactly those it has."""
    checkpoint, weights, config = planned.checkpoint, planned.weights, planned.config
    if weights.changes:
        config.quantization_config = {**checkpoint.quantization, **weights.changes}
    model, told = planned.kind.from_pretrained(
        checkpoint.installed.folder,
        config=config,
        local_files_only=True,
        use_safetensors=True,
        trust_remote_code=False,
        dtype=planned.dtype,
        device_map={"": str(planned.device)},
        attn_implementation=planned.attention.name,
        output_loading_info=True,
        ignore_mismatched_sizes=True,  # so that they are told as well, and refused below
        **({"quantization_config": weights.onto} if weights.onto else {}),
    )
    _check_keys(checkpoint, told)
    return model.eval()


def _check_keys(checkpoint: Checkpoint, told: dict[str, Any]) -> None:
    """Raise EngineMissing unless every weight came from the file, and every one there was used.

    transformers leaves out what is tied or known to be of no use; it only warns of the rest, which
    is made up at random.
    """
    faults = [
        _listed(keys, what)
        for what, keys in (
            ("missing from its files", told["missing_keys"]),
            ("of another shape than the model", [key for key, *_ in told["mismatched_keys"]]),
            ("in its files that the model has no place for", told["unexpected_keys"]),
        )
        if keys
    ]
    if faults:
        raise broken(checkpoint.installed, f"there are {' and '.join(faults)}")


def _listed(keys: Iterable[str], what: str) -> str:
    names = sorted(keys)
    more = ", ..." if len(names) > SHOWN else ""
    return f"{len(names)} weights {what} ({', '.join(names[:SHOWN])}{more})"


@contextmanager
def _making_sense(installed: Installed) -> Iterator[None]:
    """Turn what libraries raise for a folder that they cannot make sense of into EngineMissing."""
    from huggingface_hub.errors import StrictDataclassError
    from safetensors import SafetensorError

    try:
        yield
    except (
        OSError, ValueError, LookupError, TypeError, AttributeError, ImportError, RuntimeError,
        AssertionError, SafetensorError, StrictDataclassError,
    ) as error:  # fmt: skip
        first = (str(error).strip() or "no reason given").splitlines()[0]
        raise broken(
            installed,
            f"transformers {version('transformers')} cannot load it "
            f"({type(error).__name__}: {first})",
        ) from error
