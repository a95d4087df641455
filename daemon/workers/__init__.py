"""The media workers as the daemon sees them: a pool of processes, requests in, answers out."""

from daemon.workers.answers import Answered
from daemon.workers.pool import Finished, Workers

__all__ = ["Answered", "Finished", "Workers"]
