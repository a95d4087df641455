"""One long-lived ExifTool, fed so that no value and no file name can become an argument."""

import base64
import ctypes
import json
import os
import re
import secrets
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import exiftool

from metadata.fields import Properties, Value
from metadata.formats import named_format

T = TypeVar("T")
CONFIG = Path(__file__).with_name("captiond.config")
PATIENCE_S = 30.0
BYTES_PER_S = 20e6
FILES_PER_PROCESS = 1000
_PIPE = 65536
_PR_SET_PDEATHSIG = 1
# Marks every value as text, so that the JSON writer does not take `TRUE` or `1.10` for its own
# kinds and lose their spelling; -b makes it say in base64 what is no UTF-8.
_AS_TEXT = ("-j", "-b", "-G1", "-struct", "-api", 'Filter=$_="=".$_')
_STAY_OPEN = ("-stay_open", "True", "-@", "-", "-common_args")
_EMBEDDED = ("JpgFromRaw", "JpgFromRaw2", "PreviewImage", "OtherImage", "ThumbnailImage")
_BINARY = re.compile(r"\(Binary data (\d+) bytes")
_TAG_NAME = re.compile(r"[A-Za-z0-9_-]+:[A-Za-z0-9]+")


class ExifToolMissing(Exception):
    """There is no ExifTool to start."""

    def __init__(self, executable: str) -> None:
        super().__init__(
            f"ExifTool was not found as {executable!r}: install it with "
            "`apt-get install libimage-exiftool-perl`, or set `exiftool` in the configuration"
        )


class ExifToolDied(Exception):
    """ExifTool ended in the middle of a command; the next command starts a new one."""


class ExifToolTimeout(ExifToolDied):
    """ExifTool did not answer in time and was killed."""


class ExifToolRefused(Exception):
    """ExifTool answered that it would not write; the text is its own."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one command gave: its output, its messages and its exit status."""

    stdout: bytes
    stderr: bytes
    status: int


class ExifTool(exiftool.ExifTool):  # type: ignore[misc]
    """ExifTool as a child that stays open; started at the first command, ended with its parent.

    It works inside a private folder ``exiftool-PID-…`` under *scratch*, where files appear under
    fixed names; whoever kills process PID has to remove it. A command may take *patience_s*
    seconds and one more for each 20 MB of the files in it.
    """

    def __init__(self, executable: str, scratch: Path, patience_s: float = PATIENCE_S) -> None:
        self._running = False
        found = shutil.which(executable)
        if found is None:
            raise ExifToolMissing(executable)
        super().__init__(
            executable=os.fspath(Path(found).absolute()),
            common_args=["-charset", "filename=utf8", "-api", "LargeFileSupport=1"],
            config_file=os.fspath(CONFIG),
            encoding="utf-8",
        )
        self.scratch = scratch
        self._patience_s = patience_s
        self._files = 0
        self._folder = tempfile.TemporaryDirectory(prefix=f"exiftool-{os.getpid()}-", dir=scratch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process and remove its private folder."""
        if self.running:
            self._kill()
        self._folder.cleanup()

    @property
    def running(self) -> bool:
        """Tell whether the process is alive; one that has died is cleared away."""
        if self._running and self._process.poll() is not None:
            self._kill()
        return self._running

    def version(self) -> str:
        """Give the version of ExifTool, such as ``12.57``."""
        return self.ask("-ver").stdout.decode("ascii", "replace").strip()

    def read(
        self, files: Sequence[Path | bytes], tags: Sequence[str], options: Sequence[str] = ()
    ) -> list[Properties]:
        """Read *tags* of every file, or of bytes that are an XMP document.

        Every value comes as text; a file in which nothing was found gives an empty dict. *tags*
        and *options* must be words of ours. Raises OSError for a file that cannot be opened,
        ExifToolDied or ExifToolTimeout for one that ExifTool does not survive.
        """
        names = [self._bring(index, file) for index, file in enumerate(files)]
        size = sum(self._at(name).stat().st_size for name in names)
        command = (*_AS_TEXT, *options, *tags, *(f"./{name}" for name in names))
        answers = _parsed(self._insisting(lambda: self.ask(*command, size=size)).stdout)
        return [answers.get(f"./{name}", {}) for name in names]

    def write(self, values: Mapping[str, Value], cleared: Sequence[str], source: bytes) -> bytes:
        """Give the XMP document *source* (empty: a new one) with *values* set.

        *cleared* names the tags and groups that are emptied before; they and the names of
        *values* must be words of ours. Raises ExifToolRefused when ExifTool does not write.
        """
        self._at("values.json").write_bytes(_import_file(values))
        origin = [f"./{self._bring(0, source)}"] if source else []
        clear = [f"-{name}=" for name in cleared]
        command = (*clear, "-j=values.json", "-o", "out.xmp", *origin)
        return self._copied(command, "out.xmp", len(source)).read_bytes()

    def embed(
        self,
        path: Path,
        values: Mapping[str, Value],
        cleared: Sequence[str],
        options: Sequence[str] = (),
        convert: Sequence[str] = (),
    ) -> Path:
        """Make a copy of the media file at *path* with *values* set inside; the caller moves it.

        *cleared* and *options* are as for ``write``; with *convert* the copy is made in two steps,
        the first by these arguments. Raises ExifToolRefused when ExifTool does not write, OSError
        when *path* cannot be opened.
        """
        name = self._bring(0, path)
        size = self._at(name).stat().st_size
        suffix = Path(name).suffix
        self._at("values.json").write_bytes(_import_file(values))
        clear = [f"-{each}=" for each in cleared]
        if convert:
            source, name = name, f"converted{suffix}"
            self._copied((*convert, "-o", name, f"./{source}"), name, size)
        try:
            command = (*options, *clear, "-j=values.json", "-o", f"out{suffix}", f"./{name}")
            return self._copied(command, f"out{suffix}", size)
        finally:
            self._at(f"converted{suffix}").unlink(missing_ok=True)

    def preview(self, path: Path) -> bytes | None:
        """Take the largest JPEG that is embedded in a RAW file, or None."""
        name = self._bring(0, path)
        size = self._at(name).stat().st_size
        wanted = [f"-{tag}" for tag in _EMBEDDED]
        found = _parsed(self.ask("-j", "-a", "-G1", *wanted, f"./{name}", size=size).stdout)
        for tag in _largest_first(found.get(f"./{name}", {})):
            data = self.ask("-b", f"-{tag}", f"./{name}", size=size).stdout
            if data.startswith(b"\xff\xd8"):
                return data
        return None

    def ask(self, *arguments: str, size: int = 0) -> Reply:
        """Run one command; *size* is the number of bytes it may have to read.

        Raises ExifToolDied or ExifToolTimeout; the next command then starts a new process.
        """
        if self._files >= FILES_PER_PROCESS and self.running:
            self._kill()
        if not self.running:
            self.run()
        self._files += 1
        try:
            return self._asked(arguments, time.monotonic() + self._patience_s + size / BYTES_PER_S)
        except ExifToolDied:
            self._kill()
            raise

    def run(self) -> None:
        """Start the process in its private folder; ``-config`` has to be its first argument."""
        self._files = 0
        self._process: Any = subprocess.Popen(
            [self._executable, "-config", self._config_file, *_STAY_OPEN, *self._common_args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=self._folder.name,
            preexec_fn=_ending_with(os.getpid(), ctypes.CDLL(None)),
        )
        self._running = True

    def _copied(self, command: Sequence[str], name: str, size: int) -> Path:
        """Have a command write the file *name*; what a failure left of it goes."""
        try:
            return self._insisting(lambda: self._written(command, name, size))
        except (ExifToolRefused, ExifToolDied):
            self._at(name).unlink(missing_ok=True)
            raise

    def _written(self, command: Sequence[str], name: str, size: int) -> Path:
        out = self._at(name)
        out.unlink(missing_ok=True)
        reply = self.ask(*command, size=size)
        if reply.status or not out.exists():
            raise ExifToolRefused(reply.stderr.decode("utf-8", "replace").strip())
        return out

    def _insisting(self, call: Callable[[], T]) -> T:
        """Call twice when ExifTool died: the first time it may have been killed from outside."""
        try:
            return call()
        except ExifToolTimeout:
            raise
        except ExifToolDied:
            return call()

    def _asked(self, arguments: Sequence[str], deadline: float) -> Reply:
        # A number that no file can know, so that none can imitate the end of an answer.
        number = secrets.randbelow(10**15)
        lines = [*arguments, "-echo4", f"=${{status}}=post{number}", f"-execute{number}", ""]
        self._send("\n".join(lines).encode("ascii"))
        ready, post = b"{ready%d}\n" % number, b"post%d\n" % number
        out, err = self._drained(ready, post, deadline)
        messages, _, status = err[: -len(post) - 1].rpartition(b"=")
        return Reply(out[: -len(ready)], messages, int(status))

    def _send(self, command: bytes) -> None:
        if len(command) > _PIPE:
            raise ValueError(f"a command of {len(command)} bytes does not fit into a pipe")
        try:
            self._process.stdin.write(command)
        except BrokenPipeError as error:
            raise ExifToolDied("ExifTool has ended") from error

    def _drained(self, ready: bytes, post: bytes, deadline: float) -> tuple[bytes, bytes]:
        """Read both pipes to their end marks: one alone would fill up the other."""
        out, err = self._process.stdout.fileno(), self._process.stderr.fileno()
        got = {out: bytearray(), err: bytearray()}
        poll = select.poll()
        for pipe in got:
            poll.register(pipe, select.POLLIN)
        while not (got[out].endswith(ready) and got[err].endswith(post)):
            left_ms = max(0, int((deadline - time.monotonic()) * 1000))
            events = poll.poll(left_ms)
            if not events:
                raise ExifToolTimeout("ExifTool did not answer in time")
            for pipe, _ in events:
                got[pipe] += _chunk(pipe)
        return bytes(got[out]), bytes(got[err])

    def _kill(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._flag_running_false()

    def _at(self, name: str) -> Path:
        return Path(self._folder.name, name)

    def _bring(self, index: int, file: Path | bytes) -> str:
        """Make *file* appear in the private folder under a name that holds nothing of its own."""
        name = f"{index}.xmp" if isinstance(file, bytes) else f"{index}{_suffix(file)}"
        place = self._at(name)
        place.unlink(missing_ok=True)
        if isinstance(file, bytes):
            place.write_bytes(file)
        else:
            with file.open("rb"):
                place.symlink_to(file.absolute())
        return name


def _suffix(path: Path) -> str:
    format = named_format(path)
    return format.suffixes[0] if format else ".bin"


def _chunk(pipe: int) -> bytes:
    chunk = os.read(pipe, _PIPE)
    if not chunk:
        raise ExifToolDied("ExifTool ended in the middle of an answer")
    return chunk


def _ending_with(parent: int, libc: ctypes.CDLL) -> Callable[[], None]:
    def arrange() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def _parsed(output: bytes) -> dict[str, Properties]:
    """Sort the JSON answer by file; an answer cut short by a broken file counts as none."""
    try:
        answers = json.loads(output, parse_int=str, parse_float=str)
    except ValueError:
        return {}
    return {each.pop("SourceFile"): _unmarked(each) for each in answers}


def _unmarked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unmarked(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_unmarked(each) for each in value]
    text = str(value)
    if text.startswith("base64:"):
        text = base64.b64decode(text[7:]).decode("cp1252", "replace")
    return text.removeprefix("=")


def _import_file(values: Mapping[str, Value]) -> bytes:
    document = {"SourceFile": "*", **{name: _guarded(value) for name, value in values.items()}}
    return json.dumps([document], ensure_ascii=False).encode()


def _guarded(value: Value) -> Value:
    """Send in base64 what ExifTool's JSON reader would take for an escape or for base64."""
    if isinstance(value, dict):
        return {key: _guarded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_guarded(each) for each in value]
    if "\\" in value or value.startswith("base64:"):
        return "base64:" + base64.b64encode(value.encode()).decode("ascii")
    return value


def _largest_first(found: Properties) -> list[str]:
    sizes = {
        tag: int(match[1])
        for tag, value in found.items()
        if _TAG_NAME.fullmatch(tag) and (match := _BINARY.match(str(value)))
    }
    return sorted(sizes, key=lambda tag: -sizes[tag])
