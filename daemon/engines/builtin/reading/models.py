"""The two networks that come inside the rapidocr wheel, run by onnxruntime on one core.

RapidOCR's own pipeline is not used: a damaged model makes it download another one, and it cannot
have subnormal numbers taken for zero, which makes the detector three times as fast.
"""

import importlib.metadata
import os
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from daemon.engines import EngineMissing

# Since 1.29 onnxruntime reports to its maker, from the moment it is imported, unless told not to.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

FAMILY = "PP-OCRv6"
FINDER = f"{FAMILY}_det_small.onnx"
SPELLER = f"{FAMILY}_rec_small.onnx"
FATAL = 4

Floats: TypeAlias = NDArray[np.float32]


class Network:
    """One network with one input and one output; raises EngineMissing when it is not there."""

    def __init__(self, name: str) -> None:
        path = _folder() / name
        try:
            self._session = onnxruntime.InferenceSession(
                path, _options(), providers=["CPUExecutionProvider"]
            )
        except (OSError, RuntimeError, ValueError) as error:
            told = f"{path} cannot be opened ({error}); do: pip install --force-reinstall rapidocr"
            raise EngineMissing(told) from error

    def __call__(self, pixels: Floats) -> Floats:
        """Run a batch x channels x height x width through it."""
        (found,) = self._session.run(None, {"x": pixels})
        answer: Floats = found
        return answer

    @property
    def alphabet(self) -> tuple[str, ...]:
        """List the characters it tells apart; the speller's only."""
        return tuple(self._session.get_modelmeta().custom_metadata_map["character"].splitlines())


def model_name() -> str:
    """Name the networks and the wheel that they come from."""
    return f"{FAMILY}-small rapidocr@{importlib.metadata.version('rapidocr')}"


def _folder() -> Path:
    """Find the models without importing their package, which sets up logging of its own."""
    found = find_spec("rapidocr")
    if found is None or not found.submodule_search_locations:
        raise EngineMissing("rapidocr is not installed; do: pip install 'captiond[ocr]'")
    return Path(found.submodule_search_locations[0]) / "models"


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # sheets differ in size; an arena keeps the largest
    options.log_severity_level = FATAL
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return options
