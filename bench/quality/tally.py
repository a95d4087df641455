"""Add verdicts up, claim by claim, and print the table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bench.quality.bound import lower, upper
from bench.quality.judging import Verdict
from daemon.engines.builtin.claims import ENOUGH

GOAL = 0.98
_HEAD = ("claim", "positives", "negatives", "claimed", "right", "precision", "bound", "recall")
MARKS = ("<!-- quality -->", "<!-- /quality -->")


@dataclass(frozen=True, slots=True)
class Row:
    """The sum of all verdicts on one claim, and up to five examples in which it was wrong."""

    total: Verdict
    wrong: tuple[str, ...] = ()

    @property
    def precision(self) -> float:
        """Give the share of right claims."""
        return self.total.right / self.total.claimed if self.total.claimed else 0.0

    @property
    def bound(self) -> float:
        """Give the lower 95 % bound of the precision."""
        return lower(self.total.right, self.total.claimed)

    @property
    def recall(self) -> float:
        """Give the share of what is there that was found."""
        return self.total.found / self.total.wanted if self.total.wanted else 0.0

    @property
    def made(self) -> bool:
        """Tell whether the claim is sure enough to be made by default."""
        return self.bound >= ENOUGH

    @property
    def reaches(self) -> bool:
        """Tell whether a precision of GOAL is not ruled out, for samples too small to prove it."""
        return upper(self.total.right, self.total.claimed) >= GOAL


def tallied(judged: Iterable[tuple[str, Iterable[Verdict]]]) -> dict[str, Row]:
    """Sum up verdicts by claim; each comes with the name of its example."""
    rows: dict[str, Row] = {}
    for name, verdicts in judged:
        for verdict in verdicts:
            row = rows.get(verdict.claim)
            total = verdict if row is None else _sum(row.total, verdict)
            wrong = () if row is None else row.wrong
            if verdict.claimed > verdict.right and len(wrong) < 5:
                wrong = (*wrong, name)
            rows[verdict.claim] = Row(total, wrong)
    return dict(sorted(rows.items()))


def _sum(one: Verdict, other: Verdict) -> Verdict:
    names = Verdict.__slots__[1:]
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in names})


def table(rows: Mapping[str, Row]) -> str:
    """Lay the rows out for people."""
    lines = [f"{_HEAD[0]:26}" + "".join(f"{name:>10}" for name in _HEAD[1:]) + "  made"]
    for claim, row in rows.items():
        counts = (row.total.positives, row.total.negatives, row.total.claimed, row.total.right)
        shares = (row.precision, row.bound, row.recall)
        wrong = f"  wrong: {', '.join(row.wrong)}" if row.wrong else ""
        lines.append(
            f"{claim:26}"
            + "".join(f"{count:10}" for count in counts)
            + "".join(f"{share:10.3f}" for share in shares)
            + ("  yes" if row.made else "  no ")
            + wrong
        )
    return "\n".join(lines)


def write_claims(rows: Mapping[str, Row], path: Path) -> None:
    """Update the rows of the engine's table of claims; those not measured now stay."""
    old = path.read_text("utf-8").splitlines()
    kept = {line.partition("\t")[0]: line for line in old if line and not line.startswith("#")}
    new = {claim: "\t".join(_cells(row)) for claim, row in rows.items()}
    head = [line for line in old if line.startswith("#")]
    lines = [line for _, line in sorted({**kept, **new}.items())]
    path.write_text("\n".join([*head, *lines]) + "\n", "utf-8")


def _cells(row: Row) -> tuple[str, ...]:
    total = row.total
    # Rounded down: a bound of 0.9499 must not become enough.
    bound = f"{int(row.bound * 1000) / 1000:.3f}"
    counts = (total.claimed, f"{row.recall:.3f}", total.positives, total.negatives)
    return (total.claim, bound, f"{row.precision:.3f}", *map(str, counts))


def write_docs(claims: Path, path: Path) -> None:
    """Put the table of *claims* between the marks in the documentation, else at its end."""
    text = path.read_text("utf-8")
    lines = ["| claim | positives | negatives | claimed | precision | at least | recall | made |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    for row in claims.read_text("utf-8").splitlines():
        if not row.startswith("#"):
            claim, bound, precision, claimed, recall, positives, negatives = row.split("\t")
            made = "yes" if float(bound) >= ENOUGH else "no"
            cells = (f"`{claim}`", positives, negatives, claimed, precision, bound, recall, made)
            lines.append(f"| {' | '.join(cells)} |")
    block = "\n".join([MARKS[0], *lines, MARKS[1]])
    before, mark, rest = text.partition(MARKS[0])
    after = rest.partition(MARKS[1])[2] if mark else "\n"
    path.write_text(before.rstrip() + "\n\n" + block + after, "utf-8")
