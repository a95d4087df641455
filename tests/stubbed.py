"""Programs that pass for an engine process, start in no time, and do badly what a test needs."""

import sys
from pathlib import Path

from daemon.framing import framed, pack
from daemon.wire import Ready, Told

LIES = {
    "silence": framed(pack(Told(None, None, "asking for ever", 0.3))),
    "noise": b"\xff" * 9,
    "nonsense": framed(b"\xc1nonsense"),
    "unasked": framed(pack(Told(10**6))),
    "empty": framed(pack(Told(1))),
    "nan": framed(pack(Told(None, patience_s=float("nan")))),
}
# A shell starts it, and then Python reads over those two lines: the path of an interpreter that
# the kernel itself is to start must have no blank in it.
STUB = """#!/bin/sh
'''exec' "{python}" -IS "$0"
' '''
import sys, time
from subprocess import Popen
from pathlib import Path
def say(words):
    sys.stdout.buffer.write(words)
    sys.stdout.buffer.flush()
def take():
    sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(4), "big"))
take()
say({ready})
take()
{deed}
take()
"""


def stub(root: Path, deed: str) -> str:
    """Make a program that starts well, and does *deed* when asked; it takes no time to start."""
    program = root / "stub"
    program.write_text(STUB.format(python=sys.executable, ready=framed(pack(Ready(()))), deed=deed))
    program.chmod(0o755)
    return str(program)
