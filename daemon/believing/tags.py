"""Keywords out of what a model wrote: clean, each once, most prominent first."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from unicodedata import name

from daemon.believing.clean import printable, unmarked
from daemon.believing.guards import Unusable, refuse_endless
from daemon.believing.lenient import Value
from daemon.believing.openings import NAMED, bare
from daemon.believing.refusals import refuse_refusal
from daemon.believing.thoughts import refuse_thinking
from daemon.believing.values import item, value_of
from daemon.wire import Question, Reply
from metadata.keywords import MOST_TAGS
from metadata.spelling import keyword
from metadata.vocabulary import Vocabulary
from metadata.wordform import form

LONGEST_LIST = 8_000
"""Characters of an answer."""
MOST_WORDS = 5
"""Of one keyword; what has more is a sentence."""
_LONGEST_PART = 200
"""Characters; a keyword has at most 64 bytes, with a remark behind it some more."""
_LOOPING = 60
"""So many keywords, of which fewer than half are different, are a loop."""
_SERIES = 4
"""Where there are too many keywords, so many may share a word."""
_NAMES = ("name", "tag", "keyword", "label", "word", "text", "value", "term")
_PARTS = re.compile(
    r"[,;|\n•·、，；]|(?<=\S)\s+(?=#\w)|\s[–—]\s|\s(?=\d{1,2}[.)]\s)|(?<=[\"”])\s+(?=[\"“])"
    r"|\.\s+(?=[A-Z][\w ]{2,20}:)"
)
_LEAD = re.compile(r"^[\s\-*•#>+]*(?:\(?\d{1,3}[.):]\s*)?[\s\-*•#>]*")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_RATED = re.compile(r" ?[(\[:=]? ?(?:\d?\.\d{1,6}|\d{1,3} ?%|\d{1,2}/\d{1,3})[)\]]?$")
_ASIDE = re.compile(r" ?[(\[{][^()\[\]{}]*[)\]}]?")
_EDGES = " \t.:!?*_~\"'`“”‘’«»()[]{}<>=+-…"
_ARTICLE = re.compile(r"^(?:(?:[Aa]n?|[Tt]he|and|or|some) (?=[a-z]))+")
_TITLE = re.compile(r"^\W*(?P<title>\w[\w &/'-]{1,29})\W*:\s*(?=\S)")
_EXPLAINED = re.compile(r"^([^,;|]{2,60}?)\s[-–—]\s")
_GROUPS = re.compile(
    rf"{NAMED}|\b(?:objects?|subjects?|things?|settings?|moods?|styles?|colou?rs?|actions?|people"
    r"|animals?|places?|locations?|concepts?|concrete|abstract|ideas?|nature|light(?:ing)?|season"
    r"|composition|others?|technique|time|events?|activit(?:y|ies)|emotions?|themes?|details?"
    r"|background|foreground|weather|general|materials?|textures?)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"^(?:i|i'm|i'll|we|you|it|it's|this|that|these|those|there|here|here's|please|let|let's|sure"
    r"|note|none|no (?:people|persons?|humans?|text|sentence)|as an|based on|the (?:image|picture"
    r"|photo|video|scene|user|answer|list|following|above|keywords?|tags?))\b"
    r"|\b(?:is|are|was|were|shows?|depicts?|contains?|separated by|keywords?|most prominent)\b",
    re.IGNORECASE,
)
_EMPTY_WORDS = frozenset({
    "tag", "tags", "keyword", "keywords", "image", "images", "picture", "pictures", "thing",
    "things", "etc", "and", "or", "the", "a", "an", "of", "in", "on", "none", "n a", "na",
    "null", "unknown", "other", "misc", "abstract", "idea", "ideas", "setting", "no", "yes",
    "answer", "list", "json", "following", "end", "most", "prominent", "first", "actions",
    "colours", "colors", "style",
})  # fmt: skip
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_LETTERS = re.compile(r"\w+")
_RULE_WORDS = 4
"""So many words in a row as they stand in the question are not about the picture."""
_LAST_LATIN = "\u02af"


def tags_of(
    reply: Reply, question: Question, vocabulary: Vocabulary | None = None, only: bool = False
) -> tuple[str, ...]:
    """List the keywords in *reply*, most prominent first, each once, at most MOST_TAGS.

    Those that mean a word of *vocabulary* are spelled as there, and with *only* all others go.
    The last one of an answer that was cut off may be half a word, and is left out. Raises Unusable
    when there is no keyword in the answer.
    """
    task = question.task
    known = vocabulary or Vocabulary(())
    rules = _plain(question.text)
    words = [word for word in _words(task, reply) if known.match(word) or _is_keyword(word, rules)]
    if len(words) >= _LOOPING and len({form(word) for word in words}) * 2 < len(words):
        raise Unusable(f"the answer to {task!r} goes round in circles")
    if not words:
        raise Unusable(f"the answer to {task!r} holds no keyword")
    if _are_foreign([word for word in words if not known.match(word)]):
        raise Unusable(f"the answer to {task!r} is not in English")
    distinct = _distinct(_mapped(words, known, only and vocabulary is not None))
    return _without_series(distinct)[:MOST_TAGS]


def _words(task: str, reply: Reply) -> list[str]:
    value, whole = value_of(reply, lists=True)
    listed = [value] if isinstance(value, str) else list(_listed(task, value))
    text = "\n".join(printable(each) for each in listed)
    refuse_endless(task, text, LONGEST_LIST)
    plain = bare(unmarked(text))
    refuse_refusal(task, plain)
    refuse_thinking(task, plain)
    parts = [part for line in plain.split("\n") for part in _parts(line)]
    if not whole:
        parts = parts[:-1]
    return list(filter(None, map(_word, parts)))


def _listed(task: str, value: Value) -> Iterator[str]:
    """Give the keywords in a list, in an object that has a list, or in one of words with marks."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _listed(task, item(each, *_NAMES) if isinstance(each, dict) else each)
    elif isinstance(value, dict):
        marks = {word: each for word, each in value.items() if isinstance(each, float)}
        listed = item(value, task, "tags", "keywords", *_NAMES)
        if listed is not None:
            yield from _listed(task, listed)
        elif marks and len(marks) == len(value):
            yield from sorted(marks, key=lambda word: -marks[word])
        else:
            for each in value.values():
                yield from _listed(task, each)


def _parts(line: str) -> Iterator[str]:
    """Cut a line into its keywords; what names a group goes, and so does what explains one."""
    titled = _TITLE.match(line)
    if titled and "," not in line and not _GROUPS.search(titled["title"]):
        yield titled["title"]
        return
    if "," not in line and (explained := _EXPLAINED.match(line)):
        yield explained[1]
        return
    for part in _PARTS.split(line):
        group = _TITLE.match(part)
        yield part[group.end() :] if group else part


def _word(part: str) -> str:
    """Make a part of the answer a word, without what stands around it; empty when it is none."""
    if len(part) > _LONGEST_PART:
        return ""
    tagged = part.strip().startswith("#")
    plain = _LEAD.sub("", part.replace("_", " ")).replace("**", "")
    plain = _RATED.sub("", " ".join(plain.split()))
    plain = (_ASIDE.sub("", plain).strip() or plain).strip(_EDGES)
    return keyword(_ARTICLE.sub("", _CAMEL.sub(" ", plain) if tagged else plain)).strip(_EDGES)


def _is_keyword(word: str, rules: str) -> bool:
    """Tell whether *word* tells of a picture, and is no sentence, nor one of the *rules* itself."""
    if not any(map(str.isalpha, word)) and not _YEAR.fullmatch(word):
        return False
    count = len(word.split())
    if count > MOST_WORDS or (count >= _RULE_WORDS and _plain(word) in rules):
        return False
    return word.casefold() not in _EMPTY_WORDS and not _SENTENCE.search(word)


def _plain(text: str) -> str:
    return f" {' '.join(_LETTERS.findall(text.casefold()))} "


def _mapped(words: Iterable[str], known: Vocabulary, only: bool) -> Iterator[str]:
    """Spell words as the vocabulary does; with *only* all others go."""
    for word in words:
        entry = known.match(word)
        if entry or not only:
            yield entry.word if entry else word


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Keep the first, which is the most prominent, of the words that are one."""
    kept: dict[str, str] = {}
    for word in words:
        kept.setdefault(form(word), word)
    return tuple(kept.values())


def _without_series(words: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out of too many words those that go on and on about one: "beach day", "beach view"."""
    if len(words) <= MOST_TAGS:
        return words
    often: Counter[str] = Counter()
    kept = []
    for word in words:
        parts = form(word).split()
        if all(often[part] < _SERIES for part in parts):
            kept.append(word)
        often.update(parts)
    return tuple(kept)


def _are_foreign(words: list[str]) -> bool:
    """Tell whether most words are in another script than English."""
    foreign = sum(any(map(_is_of_other_script, word)) for word in words)
    return foreign * 2 > len(words)


def _is_of_other_script(letter: str) -> bool:
    return letter > _LAST_LATIN and letter.isalpha() and not name(letter, "").startswith("LATIN")
