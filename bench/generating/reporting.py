"""What was measured, as rows for programs and lines for people."""

from bench.generating.comparing import Compared
from bench.generating.measuring import Spent, together
from bench.generating.roofline import Machine, Work

MB = 10**6
WHY_NOT_ALL = (
    "Sums are rounded in another order in a batch; where two words are about as likely, the other "
    "one may be said, and all that follows differs."
)
UNITS = {"seconds": "s an asset", "cpu": "CPU s an asset"}
Row = dict[str, object]


def compared_rows(
    name: str, asked: Compared, translated: Compared, goal: float | None, time: str, exact: bool
) -> list[Row]:
    """Make the rows of one model that sees, with the translation of what it said.

    *time* is what the goal is for: "seconds" or "cpu". Where *exact* is False the share of equal
    answers is told, and no goal.
    """
    both = Compared(_after(asked.seed, translated.seed), _after(asked.ours, translated.ours), 0, 1)
    return [
        row(f"{name}speed", both, time, UNITS[time], goal),
        row(f"{name}clock", both, "seconds", UNITS["seconds"]),
        row(f"{name}equal_tokens", asked, "equal", "share", 1.0 if exact else None),
        _most(f"{name}vision_passes", asked, "passes", "an asset", 1.0),
        row(f"{name}prefill_tokens", asked, "prefill", "an asset"),
        row(f"{name}tokens", asked, "rate", "tokens/s"),
        row(f"{name}memory", asked, "peak", "MB at most"),
    ]


def row(name: str, found: Compared, what: str, unit: str, goal: float | None = None) -> Row:
    """Make a row of *what* was measured; *ratio* is how many times better ours is."""
    if what == "equal":
        return _made(name, found.equal, 1.0, unit, found.equal, goal)
    if what == "rate":
        return _made(
            name, found.ours.rate, found.seed.rate, unit, found.ours.rate / found.seed.rate
        )
    if what == "peak":
        ours, other = found.ours.peak / MB, found.seed.peak / MB
    else:
        ours, other = found.ours.each(what), found.seed.each(what)
    return _made(name, ours, other, unit, other / ours, goal)


def described(name: str, found: Compared) -> None:
    """Print what both ways have spent on one kind of work."""
    print(f"\n{name}; equal answers {found.same} of {found.both}")
    if found.same < found.both:
        print(f"  before the first difference {found.agreed:.1%} of the tokens. {WHY_NOT_ALL}")
    for way, spent in (("seed's", found.seed), ("ours", found.ours)):
        print(
            f"  {way:7} n={spent.assets:3}  {spent.each('seconds'):8.3f} s an asset "
            f"({spent.each('cpu'):.3f} s of CPU)  {spent.rate:8.1f} tokens/s  "
            f"passes {spent.each('passes'):.2f}  prefill {spent.each('prefill'):.0f}  "
            f"peak {spent.peak / MB:.0f} MB"
        )


def limits(work: Work, machine: Machine, ours: Spent) -> None:
    """Print the least time that the machine could take for our batch, and the share reached."""
    looking, decoding = work.looking(machine), work.decoding(machine)
    share = (looking + decoding) / ours.answering
    print(
        f"  roofline: {looking:.3f} s until the first token, {decoding:.3f} s for the rest; "
        f"took {ours.answering:.3f} s: {share:.0%} of what is possible"
    )


def _most(name: str, found: Compared, what: str, unit: str, goal: float) -> Row:
    """Make a row whose figure may be at most *goal*."""
    made = row(name, found, what, unit, goal)
    return {**made, "ok": found.ours.each(what) <= goal}


def _made(
    name: str, ours: float, other: float, unit: str, ratio: float, goal: float | None = None
) -> Row:
    return {
        "name": name, "ours": round(ours, 4), "other": round(other, 4), "unit": unit,
        "ratio": round(ratio, 3), "goal": goal, "ok": goal is None or ratio >= goal,
    }  # fmt: skip


def _after(asked: Spent, translated: Spent) -> Spent:
    """Add the translation of as many assets to what describing them has cost."""
    share = asked.assets / translated.assets
    more = Spent(0, translated.seconds * share, cpu=translated.cpu * share, peak=translated.peak)
    return together([asked, more])
