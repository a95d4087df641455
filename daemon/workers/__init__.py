"""The workers as the daemon sees them: pools of processes, requests in, answers out."""

from daemon.workers.answers import Answered
from daemon.workers.crew import Crew
from daemon.workers.hosts import Hosts
from daemon.workers.pool import Finished, Workers

__all__ = ["Answered", "Crew", "Finished", "Hosts", "Workers"]
