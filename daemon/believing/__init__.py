"""From what a model wrote to values that may be believed, or Unusable; pure, trusts no word."""

from daemon.believing.guards import Unusable
from daemon.believing.said import Grounds, believed, with_alt

__all__ = ["Grounds", "Unusable", "believed", "with_alt"]
