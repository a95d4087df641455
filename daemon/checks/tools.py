"""Check what reads the files: ExifTool, and what decodes, and reads codes, speech and texts."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from daemon.checks import Check
from daemon.config import Config
from daemon.engines.choice import INSTALL_OCR, why_unread
from daemon.workers.program import environment
from metadata.change import Write

# Security fixes up to this one: CVE-2021-22204, CVE-2022-23935, and those of 13.50 to 13.54.
SAFE_EXIFTOOL = (13, 54)
# Of a HEIC and of alpha in WebP, fixed in 13.25 and 13.15; an ARW that was rewritten, in 12.75.
EMBEDDING_EXIFTOOL = (13, 25)
PATIENCE_S = 60
SCRIPTS = "Latin, Chinese and Japanese writing; of other scripts it says that they are there"
REINSTALL = "install captiond again, into a virtual environment of its own"
Parts = dict[str, dict[str, Any]]


def exiftool(config: Config) -> Check:
    """Look for ExifTool, and at its age."""
    try:
        # -config first: whatever a user's own file may hold is not run.
        asked = [config.exiftool, "-config", "", "-ver"]
        ran = subprocess.run(asked, capture_output=True, text=True, timeout=PATIENCE_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return _no_exiftool(config.exiftool, str(error))
    version = re.fullmatch(r"(\d+)\.(\d+)\s*", ran.stdout)
    if version is None:
        return _no_exiftool(config.exiftool, (ran.stderr or ran.stdout).strip()[:200])
    if (int(version[1]), int(version[2])) >= SAFE_EXIFTOOL:
        return Check("exiftool", True, f"ExifTool {version[0].strip()}")
    says = (
        f"ExifTool {version[0].strip()} works, but newer ones close security holes; "
        "captiond runs it without network and lets it write only where it must"
    )
    if (int(version[1]), int(version[2])) < EMBEDDING_EXIFTOOL and _embeds(config):
        says += (
            f". Before {_dotted(EMBEDDING_EXIFTOOL)} it had faults in writing into some media "
            "files: captiond compares all else in a file before and after, and writes a sidecar "
            "where anything differs"
        )
    return Check(
        "exiftool",
        None,
        says,
        f"take {_dotted(SAFE_EXIFTOOL)} or newer from exiftool.org, and name it as `exiftool` "
        "in the configuration",
    )


def parts() -> Parts:
    """Ask a short-lived process which decoders there are; raises OSError."""
    with tempfile.TemporaryDirectory(prefix="captiond-") as scratch:
        try:
            ran = subprocess.run(
                (sys.executable, "-P", "-m", "daemon.checks.parts"),
                capture_output=True,
                text=True,
                timeout=PATIENCE_S,
                env=environment(Path(scratch)),
            )
        except subprocess.TimeoutExpired as error:
            raise OSError("the libraries did not load in time") from error
    try:
        found: Parts = json.loads(ran.stdout)
    except ValueError as error:
        raise OSError(ran.stderr.strip()[-300:] or f"exit code {ran.returncode}") from error
    return found


def decoders(config: Config) -> list[Check]:
    """Look at what decodes, and at what reads codes, speech and texts."""
    try:
        found = parts()
    except OSError as error:
        return [Check("decoders", False, f"they cannot be looked at: {error}", REINSTALL)]
    return [
        _decoder("pictures", found["pictures"], "Pillow {version}"),
        _decoder("heif", found["heif"], "pi-heif {version}, libheif {libheif}"),
        _decoder("videos", found["films"], "PyAV {version}, FFmpeg {ffmpeg}"),
        _decoder("codes", found["codes"], "ZXing-C++ {version}"),
        _decoder("speech", found["speech"], "Silero VAD {version}: whether someone speaks"),
        _texts(config, found["texts"]),
    ]


def _embeds(config: Config) -> bool:
    """Tell whether values go into media files in any hot folder."""
    rules = (config.rules_for(folder.path / "x") for folder in config.folders)
    return any(each.write in (Write.EMBED, Write.BOTH) for each in rules)


def _no_exiftool(name: str, why: str) -> Check:
    return Check(
        "exiftool",
        False,
        f"{name} cannot be run: {why}",
        "Debian, Ubuntu: sudo apt-get install libimage-exiftool-perl; "
        "else from exiftool.org, named as `exiftool` in the configuration",
    )


def _decoder(name: str, found: dict[str, Any], told: str) -> Check:
    if "error" in found:
        return Check(name, False, f"cannot be decoded: {found['error']}", REINSTALL)
    says = told.format(**found)
    if not found["lacks"]:
        return Check(name, True, says)
    lacks = ", ".join(found["lacks"])
    return Check(name, None, f"{says}, built without {lacks}", f"{REINSTALL}, from wheels")


def _texts(config: Config, found: dict[str, Any]) -> Check:
    """Tell whether the texts in pictures can be read."""
    if "text" not in config.tasks:
        return Check("texts", True, 'not looked for: tasks leaves "text" out')
    if why := why_unread(config):
        return Check("texts", None, f"not looked for: {why}", INSTALL_OCR)
    if "error" in found:
        says = f"not looked for: what reads them cannot be loaded: {found['error']}"
        return Check("texts", None, says, f'{INSTALL_OCR}; or take "text" out of tasks')
    says = "{model}, ONNX Runtime {runtime}; reads {SCRIPTS}".format(SCRIPTS=SCRIPTS, **found)
    return Check("texts", True, says)


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
