"""A model's folder, looked through by its headers: what is cut off, missing, pickled or foreign."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daemon.engines import EngineMissing
from daemon.engines.checkpoint import LFS_POINTER, Checkpoint, inspect
from daemon.engines.profiles import Installed, Model

FIRST, SECOND = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"


def packed(tensors: dict[str, np.ndarray], **spoilt: Any) -> bytes:
    """Write a file of float32 tensors by hand; *spoilt* replaces what the header says of one."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, values in tensors.items():
        entry = {"dtype": "F32", "shape": list(values.shape)}
        header[name] = {**entry, "data_offsets": [end, end + values.nbytes], **spoilt}
        end += values.nbytes
    head = json.dumps(header).encode()
    return len(head).to_bytes(8, "little") + head + b"".join(v.tobytes() for v in tensors.values())


def tensor(rows: int = 2, columns: int = 3) -> np.ndarray:
    return np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole model of two shards."""
    say(tmp_path / "config.json", {"architectures": ["SomeModel"], "model_type": "some"})
    say(tmp_path / "tokenizer.json", {})
    (tmp_path / FIRST).write_bytes(packed({"a.weight": tensor(), "a.bias": tensor(1, 4)}))
    (tmp_path / SECOND).write_bytes(packed({"b.weight": tensor(4, 4)}))
    listed = {"a.weight": FIRST, "a.bias": FIRST, "b.weight": SECOND}
    say(tmp_path / "model.safetensors.index.json", {"weight_map": listed})
    return tmp_path


def say(path: Path, what: object) -> None:
    path.write_text(json.dumps(what), encoding="utf-8")


def look(folder: Path, name: str = "some/model", revision: str = "") -> Checkpoint:
    return inspect(Installed(Model(name=name, revision=revision), folder, f"{name}@1"))


def refusal(folder: Path, name: str = "some/model", revision: str = "") -> str:
    with pytest.raises(EngineMissing) as caught:
        look(folder, name, revision)
    said = str(caught.value)
    assert said.startswith(f"{name}@1: ")
    assert str(folder) in said
    return said


def test_a_whole_folder_tells_its_tensors_without_reading_them(folder: Path) -> None:
    seen = look(folder)
    assert seen.architecture == "SomeModel"
    assert {name: (t.dtype, t.shape, t.file) for name, t in seen.tensors.items()} == {
        "a.weight": ("F32", (2, 3), FIRST),
        "a.bias": ("F32", (1, 4), FIRST),
        "b.weight": ("F32", (4, 4), SECOND),
    }
    assert (seen.size, seen.count) == (26 * 4, 26)
    assert seen.quantization == {}


def test_a_file_that_is_cut_off_anywhere_is_named_with_its_bytes(folder: Path) -> None:
    whole = (folder / SECOND).read_bytes()
    for length in range(len(whole)):
        (folder / SECOND).write_bytes(whole[:length])
        said = refusal(folder)
        assert SECOND in said, length
        assert f"{length} of {len(whole)} bytes" in said or f"after {length} bytes" in said
        assert "captiond models pull some/model" in said


def test_a_file_that_only_has_its_size_is_refused(folder: Path) -> None:
    (folder / FIRST).write_bytes(bytes((folder / FIRST).stat().st_size))
    assert "no header of a .safetensors file" in refusal(folder)


def test_bytes_after_the_last_tensor_are_refused(folder: Path) -> None:
    whole = (folder / FIRST).read_bytes()
    (folder / FIRST).write_bytes(whole + b"more")
    assert f"has {len(whole) + 4} bytes where its header says {len(whole)}" in refusal(folder)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"shape": [2, 4]},
        {"data_offsets": [8, 24]},
        {"data_offsets": [24, 0]},
        {"data_offsets": [-24, 0]},
        {"data_offsets": ["0", "24"]},
        {"data_offsets": [0]},
        {"dtype": "F16"},
        {"shape": None},
    ],
)
def test_a_header_that_contradicts_itself_is_refused(folder: Path, spoilt: dict[str, Any]) -> None:
    (folder / SECOND).write_bytes(packed({"b.weight": tensor()}, **spoilt))
    assert SECOND in refusal(folder)


def test_tensors_on_top_of_each_other_are_refused(folder: Path) -> None:
    two = {"b.weight": tensor(), "b.bias": tensor()}
    (folder / SECOND).write_bytes(packed(two, data_offsets=[0, 24]))
    assert "overlap or leave gaps" in refusal(folder)


NESTED = '{"a":' * 100_000


@pytest.mark.parametrize("head", [b"[1, 2]", b"{", b"null", b'{"a": 1}', b"\xff", NESTED.encode()])
def test_a_header_that_is_no_list_of_tensors_is_refused(folder: Path, head: bytes) -> None:
    (folder / SECOND).write_bytes(len(head).to_bytes(8, "little") + head)
    assert "no header of a .safetensors file" in refusal(folder)


def test_a_pointer_of_git_lfs_is_told_from_damage(folder: Path) -> None:
    (folder / FIRST).write_bytes(LFS_POINTER + b"/v1\noid sha256:12\nsize 9\n")
    assert "git lfs pull" in refusal(folder)


def test_missing_shards_are_counted_and_the_whole_is_downloaded_again(folder: Path) -> None:
    (folder / SECOND).unlink()
    said = refusal(folder, revision="v2")
    assert f"1 of 2 files with weights are missing ({SECOND})" in said
    assert "captiond models pull some/model@v2" in said


def test_a_link_of_the_cache_into_nowhere_is_a_missing_file(folder: Path) -> None:
    (folder / FIRST).unlink()
    (folder / FIRST).symlink_to(folder / "blobs" / "gone")
    assert "are missing" in refusal(folder)


def test_shards_of_another_version_than_their_index_are_refused(folder: Path) -> None:
    (folder / SECOND).write_bytes(packed({"c.weight": tensor()}))
    assert f"says that {SECOND} has b.weight, but it has not" in refusal(folder)


@pytest.mark.parametrize("name", ["../model.safetensors", "pytorch_model.bin", "/etc/passwd"])
def test_an_index_cannot_name_other_files(folder: Path, name: str) -> None:
    say(folder / "model.safetensors.index.json", {"weight_map": {"a": name}})
    assert "is no file of weights" in refusal(folder)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.ckpt", "m.gguf"])
def test_weights_that_are_not_safetensors_are_refused(folder: Path, name: str) -> None:
    for path in folder.glob("model*"):
        path.unlink()
    assert "no weights" in refusal(folder)
    (folder / name).write_bytes(b"\x80\x04")
    said = refusal(folder)
    assert name in said
    assert "loads .safetensors only" in said


def test_a_single_file_needs_no_index(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(packed({"only": tensor()}))
    assert list(look(folder).tensors) == ["only"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"architectures": []}', '{"model_type": "x"}', NESTED]
)
def test_a_configuration_that_names_no_model_is_refused(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    assert "config.json" in refusal(folder)


def test_a_half_written_small_file_is_named(folder: Path) -> None:
    (folder / "preprocessor_config.json").write_text('{"size": ')
    assert "preprocessor_config.json is not whole" in refusal(folder)


def test_a_folder_without_tokenizer_or_without_anything_is_refused(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    assert "no tokenizer" in refusal(folder)
    assert "the folder is not there" in refusal(folder / "nowhere")


def test_a_folder_of_ones_own_is_not_sent_to_the_hub(folder: Path) -> None:
    (folder / "config.json").unlink()
    said = refusal(folder, name=str(folder))
    assert "config.json cannot be read" in said
    assert "copy the folder again" in said
    assert "models pull" not in said


def test_an_unreadable_file_is_named(folder: Path) -> None:
    (folder / FIRST).unlink()
    (folder / FIRST).mkdir()
    assert f"{FIRST} cannot be read" in refusal(folder)


def test_quantization_is_found_wherever_it_is_written(folder: Path) -> None:
    method = {"quant_method": "compressed-tensors"}
    for config in (
        {"quantization_config": method},
        {"compression_config": method},
        {"text_config": {"quantization_config": method}},
    ):
        say(folder / "config.json", {"architectures": ["X"], "auto_map": {}, **config})
        assert look(folder).quantization == method


def test_the_daemon_can_look_without_any_library(folder: Path) -> None:
    code = (
        "import sys; import daemon.engines.checkpoint; "
        "print({'torch', 'transformers', 'numpy', 'safetensors'} & set(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert ran.stdout.strip() == "set()"
