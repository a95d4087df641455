"""What a piece of work costs: seconds, passes through the tower, tokens computed, memory."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

ITSELF = Path("/proc/self")
RESET_PEAK = "5"
"""What makes Linux forget the peak, see proc_pid_clear_refs(5)."""


@dataclass(slots=True)
class Spent:
    """What *assets* have cost; *passes* are pictures or videos seen, *prefill* tokens read.

    *seconds* by the clock, *answering* those after decoding and encoding where it was told, *cpu*
    those of all threads, *peak* in bytes.
    """

    assets: int = 0
    seconds: float = 0.0
    answering: float = 0.0
    cpu: float = 0.0
    tokens: int = 0
    passes: float = 0.0
    prefill: int = 0
    peak: int = 0

    def each(self, name: str) -> float:
        """Give the part of *name* that one asset has cost."""
        return float(getattr(self, name)) / self.assets

    @property
    def rate(self) -> float:
        """Give the tokens answered in a second."""
        return self.tokens / self.seconds


def together(parts: Sequence[Spent]) -> Spent:
    """Add up what was spent at several times; the peak is the highest."""
    whole = Spent(**{f.name: sum(getattr(p, f.name) for p in parts) for f in fields(Spent)})
    whole.peak = max(part.peak for part in parts)
    return whole


@contextmanager
def spending(assets: int, model: Any = None, pictures: int = 1) -> Iterator[Spent]:
    """Measure what is done inside; *model* is watched where there is one.

    *pictures* are those of one asset.
    """
    spent = Spent(assets)
    device = getattr(model, "device", None)
    with ExitStack() as hooks:
        if model is not None and not model.config.is_encoder_decoder:
            _watch(model, spent, pictures, hooks)
        _forget_peak(device)
        cpu, begun = time.process_time(), time.perf_counter()
        yield spent
        _wait(device)
        spent.seconds, spent.cpu = time.perf_counter() - begun, time.process_time() - cpu
        spent.peak = _peak(device)


def _watch(model: Any, spent: Spent, pictures: int, hooks: ExitStack) -> None:
    tower = getattr(model.model, "vision_model", None) or model.model.vision_tower

    def seen(module: Any, given: Any, named: dict[str, Any]) -> None:
        pixels = named.get("pixel_values", given[0] if given else None)
        spent.passes += pixels.shape[0] / pictures

    def read(module: Any, given: Any, named: dict[str, Any]) -> None:
        tokens = named.get("inputs_embeds")
        tokens = named.get("input_ids") if tokens is None else tokens
        if tokens.shape[1] > 1:
            spent.prefill += tokens.shape[0] * tokens.shape[1]

    for module, count in ((tower, seen), (model.model.language_model, read)):
        hook = module.register_forward_pre_hook(count, with_kwargs=True)
        hooks.callback(hook.remove)


def _wait(device: Any) -> None:
    if device is not None and device.type == "cuda":
        import torch

        torch.cuda.synchronize(device)


def _forget_peak(device: Any) -> None:
    _wait(device)
    if device is not None and device.type == "cuda":
        import torch

        torch.cuda.reset_peak_memory_stats(device)
    else:
        (ITSELF / "clear_refs").write_text(RESET_PEAK)


def _peak(device: Any) -> int:
    if device is not None and device.type == "cuda":
        import torch

        return int(torch.cuda.max_memory_allocated(device))
    said = (ITSELF / "status").read_text()
    return next(int(line.split()[1]) << 10 for line in said.splitlines() if "VmHWM" in line)
