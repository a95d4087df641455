"""The control socket: requests in, results out; and the lock that one captiond holds at a time.

The protocol, over the unix socket ``STATE_DIR/control.sock``: a client connects and sends one JSON
object on one line. The daemon answers with JSON objects, one a line, as results come in, and ends
with ``{"end": true, "exit": N}``, N being the exit code for the command. A stream without that line
was cut off. What stands in requests and answers is not this room's to know.
"""

from daemon.control.client import ControlError, NobodyHome, ask
from daemon.control.holding import Held, lock, owner
from daemon.control.line import Limits
from daemon.control.reply import Asked, Reply
from daemon.control.server import ControlSocket

__all__ = [
    "Asked",
    "ControlError",
    "ControlSocket",
    "Held",
    "Limits",
    "NobodyHome",
    "Reply",
    "ask",
    "lock",
    "owner",
]
