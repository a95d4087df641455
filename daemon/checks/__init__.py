"""What `captiond doctor` looks at, one room for each kind of thing that can be amiss."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: *ok* is None for what works with a drawback; *do* says what would mend it."""

    name: str
    ok: bool | None
    says: str
    do: str = ""
