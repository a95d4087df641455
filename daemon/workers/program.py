"""What is started as a worker: its command line, what it sees of the machine, its first message."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from daemon.framing import pack
from daemon.wire import CallSetup, HostSetup, Setup

ENGINE = "daemon.engines.transformers_engine"
KEPT = ("PATH", "PYTHONHOME", "LD_LIBRARY_PATH")
KEPT_BYTES = 256 * 2**20
# Pictures come and go all the time: to give their memory back each time cost 5 ms of 50.
KEPT_MEMORY = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_TRIM_THRESHOLD_": str(KEPT_BYTES),
    "MALLOC_MMAP_THRESHOLD_": str(KEPT_BYTES),
}
# Which devices there are and where their libraries lie is for whoever runs captiond to say.
DEVICES = (
    "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "CUDA_HOME", "CUDA_PATH",
    "CUDA_MPS_PIPE_DIRECTORY", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES",
    "HSA_OVERRIDE_GFX_VERSION", "BNB_CUDA_VERSION",
)  # fmt: skip

# Whose signature is trusted is for whoever runs captiond to say.
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True, slots=True)
class Program:
    """A worker to be started: *name* is for the log, *first* is the message it gets first.

    What lies in *scratch* under its process id is cleared away after it. *place* says in a word
    where it has its answers from, when there are several of its kind.
    """

    name: str
    words: tuple[str, ...]
    environment: Mapping[str, str]
    scratch: Path
    first: bytes
    place: str = ""


def media_worker(setup: Setup, handlers: str) -> Program:
    """Give the program that answers requests with what *handlers*, an import path, names."""
    words = command("daemon.worker", "--handlers", handlers)
    return Program("media worker", words, environment(setup.scratch), setup.scratch, pack(setup))


def engine_process(setup: HostSetup, engine: str = ENGINE) -> Program:
    """Give the program that hosts the models of *engine*, an import path, on one device."""
    name = f"engine process on {setup.device}"
    words = command("daemon.host", "--engine", engine)
    first = pack(setup)
    return Program(name, words, engine_environment(setup), setup.scratch, first, setup.device)


def calling_process(setup: CallSetup) -> Program:
    """Give the program that asks the servers of *setup*."""
    name = "process that calls servers"
    seen = calling_environment(setup)
    return Program(name, command("daemon.calling"), seen, setup.scratch, pack(setup), "servers")


def command(module: str, *options: str) -> tuple[str, ...]:
    """Give the command line of a child of this process."""
    return (sys.executable, "-P", "-m", module, *options, "--parent", str(os.getpid()))


def environment(scratch: Path) -> dict[str, str]:
    """Give what a media worker sees: no secrets, no locale, one thread each, our own packages."""
    return {
        **_everyone(scratch),
        **KEPT_MEMORY,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        # onnxruntime reports to its maker from 1.29 on; there is no network, but it writes files.
        "ORT_DISABLE_TELEMETRY": "1",
    }


def engine_environment(setup: HostSetup) -> dict[str, str]:
    """Give what an engine process sees: no secrets, the devices, and no way to any model hub."""
    return {
        **_everyone(setup.scratch),
        **_kept(DEVICES),
        "XDG_CACHE_HOME": str(setup.scratch / "cache"),
        "HF_HOME": str(setup.scratch / "cache"),
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "OMP_NUM_THREADS": str(setup.threads),
        "OPENBLAS_NUM_THREADS": str(setup.threads),
        # Batches differ in size: fixed segments leave holes that no batch fits into.
        # The name has no CUDA in it any more; torch 2.13 reads either.
        "PYTORCH_ALLOC_CONF": "expandable_segments:True",
    }


def calling_environment(setup: CallSetup) -> dict[str, str]:
    """Give what the process that calls servers sees: the keys that lie in variables, no proxy."""
    named = tuple(server.api_key_env for server in setup.endpoints if server.api_key_env)
    return {**_everyone(setup.scratch), **_kept((*CERTIFICATES, *named)), **KEPT_MEMORY}


def _everyone(scratch: Path) -> dict[str, str]:
    return {
        **_kept(KEPT),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LC_ALL": "C.UTF-8",
    }


def _kept(names: tuple[str, ...]) -> dict[str, str]:
    return {name: os.environ[name] for name in names if name in os.environ}
