"""What a publisher or a photographer should look at, out of what a model wrote: closed lists."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from daemon.believing.clean import line, printable, unmarked
from daemon.believing.guards import Unusable, loops, refuse_endless
from daemon.believing.lenient import Value
from daemon.believing.openings import bare
from daemon.believing.refusals import refuse_refusal
from daemon.believing.texts import alt_of
from daemon.believing.thoughts import refuse_thinking
from daemon.believing.values import item, value_of
from daemon.wire import Question, Reply
from metadata.description import Fact, FactValue
from metadata.wordform import form
from prompts import choices

MODEL = "model"
LONGEST_LIST = 6_000
_NOTHING = re.compile(
    r"\W*(?:none|nothing|no (?:findings?|faults?|issues?|problems?|concerns?|flags?|technical"
    r" faults?|categor\w+)|not applicable|n/a|clean|safe|empty)\b",
    re.IGNORECASE,
)
_NO = frozenset({"no", "none", "not", "nothing", "false", "absent", "n", "never"})
_DENYING = _NO | {
    "visible", "present", "found", "seen", "detected", "applicable", "a", "there", "is", "are",
    "any", "evidence", "sign", "signs", "of", "in", "the", "picture", "image", "video", "it",
}  # fmt: skip
"""An evidence of these words alone, the first of _NO, says that the finding is none."""
_AFFIRMED = frozenset({"yes", "true", "present", "visible"})
_WORD = re.compile(r"[a-z]+")
_LEAD = re.compile(r"^[\s\-*•#>]*(?:\d{1,2}[.)]\s+)?")
_PARTING = re.compile(r"\s*(?::|\s[-–—]\s|\()\s*")
_KEYS = ("category", "name", "flag", "fault", "label", "finding", "type")
_WHY = ("evidence", "reason", "description", "detail", "details", "where", "text", "explanation")


def findings_of(reply: Reply, question: Question) -> tuple[Fact, ...]:
    """List what was found, each once, with evidence in words; nothing found is no fact.

    Names are those of the question's closed list. Raises Unusable when the answer is neither
    findings nor says that there are none.
    """
    task = question.task
    known = _known(question.choices or choices(task))
    value, whole = value_of(reply, lists=True)
    pairs = list(_lines(task, value, whole) if isinstance(value, str) else _named(value))
    found: dict[str, FactValue] = {}
    for name, evidence in pairs:
        if (key := known.get(form(name))) and not _denies(name, evidence):
            found.setdefault(key, _evidence(task, evidence))
    if not found and not _says_none(value, pairs, known):
        raise Unusable(f"the answer to {task!r} names nothing of the list, nor says none")
    return tuple(
        Fact(f"{task}_{re.sub(r'[^a-z0-9]+', '_', name)}", evidence, MODEL)
        for name, evidence in found.items()
    )


def _known(names: Iterable[str]) -> dict[str, str]:
    """Give each name by its form, and by those of its parts: "blood" is "blood or injury"."""
    parts = [(part, name) for name in names for part in (name, *name.split(" or "))]
    return {form(part): name for part, name in parts}


def _lines(task: str, text: str, whole: bool) -> Iterator[tuple[str, str]]:
    """Read lines of the form "name: evidence"; one that was cut off may be half a finding."""
    refuse_endless(task, text, LONGEST_LIST)
    plain = bare(unmarked(text))
    if not _NOTHING.match(plain):
        refuse_refusal(task, plain)
    refuse_thinking(task, plain)
    lines = [each for each in plain.split("\n") if each.strip()]
    for each in lines if whole else lines[:-1]:
        name, _, evidence = _parted(_LEAD.sub("", each).replace("**", ""))
        if evidence:
            yield name, evidence
        else:
            yield from ((part, "") for part in name.split(","))


def _parted(text: str) -> tuple[str, str, str]:
    found = _PARTING.search(text)
    if found is None:
        return text, "", ""
    return text[: found.start()], found[0], text[found.end() :]


def _named(value: Value) -> Iterator[tuple[str, str]]:
    """Read findings out of JSON: lists of names, of objects, or an object by name."""
    if isinstance(value, str):
        yield value, ""
    elif isinstance(value, list):
        for each in value:
            yield from _named(each)
    elif isinstance(value, dict):
        name = item(value, *_KEYS)
        if isinstance(name, str):
            why = item(value, *_WHY)
            yield name, why if isinstance(why, str) else ""
            return
        for key, each in value.items():
            yield from _keyed(key, each)


def _keyed(name: str, value: Value) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        yield from _named(value)
    elif isinstance(value, dict):
        why = item(value, *_WHY)
        yield from [(name, why)] if isinstance(why, str) else _named(value)
    elif isinstance(value, str) and value.strip():
        yield name, value
    elif value is True:
        yield name, ""


def _evidence(task: str, text: str) -> FactValue:
    """Give the evidence as one short line, True where there is none in words."""
    plain = alt_of(line(printable(text)).strip(" )"))
    if loops(plain):
        raise Unusable(f"the answer to {task!r} goes round in circles")
    return True if plain.casefold().strip(" .") in _AFFIRMED else plain or True


def _says_none(value: Value, pairs: Sequence[tuple[str, str]], known: Collection[str]) -> bool:
    """Tell whether nothing was found in so many words, or each name of the list was denied."""
    if isinstance(value, str) and _NOTHING.match(bare(value)):
        return True
    if not isinstance(value, str) and all(_NOTHING.match(why or name) for name, why in pairs):
        return True
    ours = [(name, why) for name, why in pairs if form(name) in known]
    return bool(ours) and all(_denies(name, why) for name, why in ours)


def _denies(name: str, evidence: str) -> bool:
    words = _WORD.findall(evidence.casefold())
    return bool(words) and words[0] in _NO and set(words) <= {*_DENYING, *name.casefold().split()}
