"""Converted weights: kept whole, made again when damaged, or refused with what to do."""

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from daemon.engines import EngineError, EngineMissing
from daemon.engines.profiles import Installed, Model
from daemon.engines.transformers_engine import ct2
from daemon.engines.transformers_engine.loading import Loaded
from daemon.engines.transformers_engine.translating import Translator
from tests.test_translating import TRAINED, beat, check_complete, installed, quiet, read

__all__ = ["quiet"]

INT8 = installed(TRAINED, "org/nllb@1+ct2-int8")


def opened(kept: Path, loads: Callable[[Installed], Loaded] = read) -> Translator:
    return ct2.open_translator(INT8, kept, 1, loads, beat)


def never(_found: Installed) -> Loaded:
    raise AssertionError("it was converted again")


def test_weights_are_converted_once_and_again_when_they_are_damaged(tmp_path: Path) -> None:
    kept = tmp_path / "state" / "kept"
    opened(kept)
    (folder,) = kept.iterdir()
    assert folder.name == "org--nllb@1+ct2-int8"
    opened(kept, never)
    os.truncate(folder / "model.bin", 1000)
    (kept / f".{folder.name}.part").mkdir()
    (kept / f".{folder.name}.part" / "model.bin").write_bytes(b"half")
    check_complete(opened(kept))
    assert list(kept.iterdir()) == [folder]


def test_what_another_version_was_converted_to_is_removed(tmp_path: Path) -> None:
    for name in ("org--nllb@0+ct2-int8", "org--nllb-large@0+ct2-int8"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.bin").write_bytes(b"old")
    opened(tmp_path)
    kept = {folder.name for folder in tmp_path.iterdir()}
    assert kept == {"org--nllb@1+ct2-int8", "org--nllb-large@0+ct2-int8"}


def test_a_conversion_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def failing(_found: Installed) -> Loaded:
        raise EngineMissing("broken")

    with pytest.raises(EngineMissing):
        opened(tmp_path, failing)
    assert list(tmp_path.iterdir()) == []


def test_no_space_is_said_with_how_much_and_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = SimpleNamespace(f_bavail=1, f_frsize=4096)
    monkeypatch.setattr(ct2.os, "statvfs", lambda _folder: space)
    with pytest.raises(EngineError, match=rf"need 2 MB in {tmp_path}, which has 0 MB free"):
        opened(tmp_path)
    monkeypatch.undo()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EngineError, match=r"cannot be kept in .*let the user"):
        opened(tmp_path / "file" / "kept")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_quantized_profile_is_converted_from_whole_weights(tmp_path: Path) -> None:
    asked: list[Model] = []
    model = replace(INT8.model, quantization="nf4", dtype="bfloat16")

    def loads(found: Installed) -> Loaded:
        asked.append(found.model)
        return read(found)

    ct2.open_translator(replace(INT8, model=model), tmp_path, 1, loads, beat)
    assert (asked[0].quantization, asked[0].dtype) == ("", "float32")


def test_without_ctranslate2_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ct2, "find_spec", lambda _name: None)
    with pytest.raises(EngineMissing, match=r"captiond\[ct2\]"):
        opened(tmp_path)
