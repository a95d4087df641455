"""How a call can fail, by who is at fault: the way to the server, the server, or what is asked."""


class Trouble(Exception):
    """A call has no answer; *told* says why, in one line."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


class Unreachable(Trouble):
    """Nobody is there: nothing was asked."""


class Busy(Trouble):
    """The server has too much to do, and would like to be left alone for *after_s* seconds."""

    def __init__(self, told: str, after_s: float | None = None) -> None:
        super().__init__(told)
        self.after_s = after_s


class Broken(Trouble):
    """The server failed at this request, or broke off: it may be the doing of either."""


class Late(Trouble):
    """The answer did not come in time."""


class Closed(Trouble):
    """The server, or what stands there, answers nobody who asks like this; somebody must mend it.

    A wrong key, a wrong name of a model, a wrong address.
    """


class Declined(Trouble):
    """The server does not want this request, and says so; it may take others."""
