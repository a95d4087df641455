"""Folders that look like whole models, and a cache of them as the hub's library lays it out."""

import json
from pathlib import Path

COMMIT = "1a2b3c4d" + "0" * 32
OTHER = "9f8e7d6c" + "0" * 32


def checkpoint(folder: Path, kind: str = "mllama", weights: bytes = b"\1\2\3\4") -> Path:
    """Write a model of one tensor; *weights* are its four bytes."""
    folder.mkdir(parents=True)
    config = {"model_type": kind, "architectures": ["MllamaForConditionalGeneration"]}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_text("{}")
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    whole = len(header).to_bytes(8, "little") + header + weights
    (folder / "model.safetensors").write_bytes(whole)
    return folder


def cached(
    hub: Path, name: str, revision: str = "main", commit: str = COMMIT, kind: str = "mllama"
) -> Path:
    """Write a model into the cache *hub*; gives its snapshot."""
    repository = hub / f"models--{name.replace('/', '--')}"
    reference = repository / "refs" / revision
    reference.parent.mkdir(parents=True, exist_ok=True)
    reference.write_text(commit)
    return checkpoint(repository / "snapshots" / commit, kind)
