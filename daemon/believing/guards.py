"""What no answer may be: empty, endless, a repetition, a refusal, a train of thought."""

from daemon.engines.answers import Unusable

__all__ = ["Unusable"]
