"""A model's folder as it lies there, looked through before anything is loaded; knows no torch.

Only headers are read, so that the daemon and ``doctor`` can afford it. How a .safetensors file is
built: eight bytes with the length of a JSON header, the header, the tensors without a gap.
"""

import json
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from daemon.engines import EngineMissing
from daemon.engines.profiles import Installed, Model

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
LONGEST_HEADER = 100_000_000
"""Bytes; no reader takes a longer one."""
SMALL_FILES = (
    "generation_config.json", "preprocessor_config.json", "processor_config.json",
    "video_preprocessor_config.json", "tokenizer_config.json", "chat_template.json",
)  # fmt: skip
TOKENIZERS = (
    "tokenizer.json", "tokenizer.model", "sentencepiece.bpe.model", "spiece.model", "vocab.json",
    "vocab.txt", "tekken.json",
)  # fmt: skip
PICKLED = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.h5", "*.msgpack", "*.gguf")
LFS_POINTER = b"version https://git-lfs"
BITS = {
    "F64": 64, "F32": 32, "F16": 16, "BF16": 16, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8,
    "I64": 64, "I32": 32, "I16": 16, "I8": 8, "U64": 64, "U32": 32, "U16": 16, "U8": 8, "BOOL": 8,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tensor:
    """What a header says of one tensor: its type as safetensors names it, its shape, its bytes."""

    dtype: str
    shape: tuple[int, ...]
    size: int
    file: str

    @property
    def count(self) -> int:
        """Count its numbers."""
        return prod(self.shape)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A folder whose files are all there and whole, as far as headers tell."""

    installed: Installed
    config: dict[str, Any]
    tensors: dict[str, Tensor]

    @property
    def architecture(self) -> str:
        """Name the class that the weights are for."""
        return str(self.config["architectures"][0])

    @property
    def size(self) -> int:
        """Count the bytes of all weights."""
        return sum(tensor.size for tensor in self.tensors.values())

    @property
    def count(self) -> int:
        """Count the numbers in all weights."""
        return sum(tensor.count for tensor in self.tensors.values())

    @property
    def quantization(self) -> dict[str, Any]:
        """Say how the weights are quantized in their files; empty where they are not."""
        text = self.config.get("text_config") or {}
        return dict(
            self.config.get("quantization_config")
            or self.config.get("compression_config")
            or text.get("quantization_config")
            or {}
        )


def inspect(installed: Installed) -> Checkpoint:
    """Look the folder of a model through.

    Raises EngineMissing with the file that is missing, cut off or not to be trusted, and what to
    do about it.
    """
    config = _read_config(installed)
    for name in SMALL_FILES:
        if (installed.folder / name).exists():
            read_json(installed, name)
    if not any((installed.folder / name).exists() for name in TOKENIZERS):
        raise broken(installed, f"no tokenizer ({TOKENIZERS[0]} or the like) is there")
    return Checkpoint(installed, config, _read_weights(installed))


def read_json(installed: Installed, name: str) -> dict[str, Any]:
    """Read a JSON object of the model's; raises EngineMissing when it is none."""
    try:
        read = json.loads((installed.folder / name).read_bytes())
    except OSError as error:
        raise broken(installed, f"{name} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise broken(installed, f"{name} is not whole: it is no JSON") from None
    if not isinstance(read, dict):
        raise broken(installed, f"{name} holds no JSON object")
    return read


def download(model: Model) -> str:
    """Give the command that fetches *model*, and mends what of it is damaged."""
    revision = f"@{model.revision}" if model.revision else ""
    return f"captiond models pull {model.name}{revision}"


def broken(installed: Installed, what: str) -> EngineMissing:
    """Say what is wrong with a model's folder, and how to get it whole."""
    if Path(installed.model.name).expanduser().is_absolute():
        remedy = "copy the folder again from where it came from"
    else:
        remedy = f"get it whole: {download(installed.model)}"
    return EngineMissing(f"{installed.label}: {what}, in {installed.folder}; {remedy}")


def _read_config(installed: Installed) -> dict[str, Any]:
    if not installed.folder.is_dir():
        raise broken(installed, "the folder is not there")
    config = read_json(installed, "config.json")
    names = config.get("architectures")
    if not (isinstance(names, list) and names and isinstance(names[0], str)):
        raise broken(installed, "config.json names no architecture: this is no whole model")
    return config


def _read_weights(installed: Installed) -> dict[str, Tensor]:
    if (installed.folder / SINGLE).exists():  # the one that transformers takes, where both are
        return read_header(installed, SINGLE)
    if not (installed.folder / INDEX).exists():
        raise _without_weights(installed)
    listed = read_json(installed, INDEX).get("weight_map")
    if not (isinstance(listed, dict) and listed):
        raise broken(installed, f"{INDEX} lists no tensors")
    return _read_shards(installed, listed)


def _read_shards(installed: Installed, listed: dict[str, str]) -> dict[str, Tensor]:
    files = sorted(set(listed.values()))
    for name in files:
        if Path(name).name != name or not name.endswith(".safetensors"):
            raise broken(installed, f"{INDEX} names {name!r}, which is no file of weights")
    missing = [name for name in files if not (installed.folder / name).exists()]
    if missing:
        what = f"{len(missing)} of {len(files)} files with weights are missing ({missing[0]}"
        raise broken(installed, f"{what}{', ...' if missing[1:] else ''})")
    held = {key: tensor for name in files for key, tensor in read_header(installed, name).items()}
    for key, name in listed.items():
        if key not in held:
            what = f"{INDEX} says that {name} has {key}, but it has not: they are of two versions"
            raise broken(installed, what)
    return held


def _without_weights(installed: Installed) -> EngineMissing:
    pickled = [path.name for kind in PICKLED for path in sorted(installed.folder.glob(kind))]
    if not pickled:
        return broken(installed, f"no weights ({SINGLE} or {INDEX}) are there")
    return EngineMissing(
        f"{installed.label}: the weights are there only as {pickled[0]}, in {installed.folder}; "
        "captiond loads .safetensors only, as other files can hold code: "
        "take a version of the model that has them"
    )


def read_header(installed: Installed, name: str) -> dict[str, Tensor]:
    """Read what *name* holds; raises EngineMissing when the file does not have all of it."""
    path = installed.folder / name
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(len(LFS_POINTER))
            length = int.from_bytes(start[:8], "little")
            stream.seek(8)
            head = stream.read(length) if length <= LONGEST_HEADER else b""
    except OSError as error:
        raise broken(installed, f"{name} cannot be read: {error.strerror}") from None
    if start == LFS_POINTER:
        what = f"{name} is a pointer of Git LFS and not the weights (git lfs pull gets them)"
        raise broken(installed, what)
    if len(start) < 8 or 8 + length > size:
        raise broken(installed, f"{name} is cut off in its header, after {size} bytes")
    held, end = _parse(installed, name, head)
    _check_size(installed, name, size, 8 + length + end)
    return held


def _check_size(installed: Installed, name: str, size: int, whole: int) -> None:
    if size < whole:
        raise broken(installed, f"{name} is cut off: {size} of {whole} bytes are there")
    if size > whole:
        raise broken(installed, f"{name} has {size} bytes where its header says {whole}")


def _parse(installed: Installed, name: str, head: bytes) -> tuple[dict[str, Tensor], int]:
    """Give the tensors that a header lists, and the offset at which the last one ends."""
    try:
        listed = json.loads(head)
        listed.pop("__metadata__", None)
        held = {key: _tensor(name, entry) for key, entry in listed.items()}
        ends = [int(entry["data_offsets"][1]) for entry in listed.values()]
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        raise broken(installed, f"{name} has no header of a .safetensors file") from None
    if sum(tensor.size for tensor in held.values()) != max(ends, default=0):
        raise broken(installed, f"{name} has tensors that overlap or leave gaps")
    return held, max(ends, default=0)


def _tensor(file: str, entry: dict[str, Any]) -> Tensor:
    start, end = entry["data_offsets"]
    tensor = Tensor(str(entry["dtype"]), tuple(int(n) for n in entry["shape"]), end - start, file)
    bits = BITS.get(tensor.dtype)
    if start < 0 or end < start or (bits and tensor.count * bits != tensor.size * 8):
        raise ValueError("offsets that do not fit the shape")
    return tensor
