"""The three-way merge of keywords: what captiond wrote, what is there now, what is new. Pure.

Readers let one of the three keyword properties hide the others, so every word, a human's or ours,
is to stand in all of them; a copy of a human's word is remembered as one, as ``PROPERTY=WORD``.
A word of ours that has a place in a hierarchy stands in two of them with its whole path. What
darktable and Lightroom then add is the path's other words, as plain ones: they go with the path.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from metadata.change import Ours
from metadata.description import Tag
from metadata.fields import HIERARCHY, IPTC_KEYWORDS, KEYWORDS, SUBJECT, Properties, words
from metadata.spelling import same

MOST_TAGS = 25
STEP = KEYWORDS[HIERARCHY]
Path = tuple[str, ...]
Keywords = Mapping[str, list[str]]
Put = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the words of one sidecar stand: whose they are, and which a human took out.

    *flat* are a human's plain words and *paths* a human's hierarchies, of this sidecar and of
    what stands *behind* it (the media file, another sidecar); *removed* maps the common form of a
    word to its spelling.
    """

    ours: tuple[str, ...]
    flat: tuple[str, ...]
    paths: tuple[Path, ...]
    removed: Mapping[str, str]

    @property
    def human(self) -> tuple[str, ...]:
        """List a human's words as tags: plain ones, and the last step of each hierarchy."""
        return _once([*self.flat, *(p[-1] for p in self.paths if not _spelled(p, self.flat))])


def keywords(properties: Properties) -> Keywords:
    """Take the keyword properties out of a file's; IPTC keywords count as plain ones."""
    found = {name: words(properties, name) for name in KEYWORDS}
    iptc = words(properties, IPTC_KEYWORDS)
    return {**found, SUBJECT: list(_once([*found[SUBJECT], *iptc]))}


def stand(current: Keywords, base: Ours, whole: bool, behind: Keywords) -> Standing:
    """Tell whose the words of *current* are, given what captiond put there (*base*).

    A word that is missing from one property was taken out by a human with a tool that knows only
    that one. A property that is missing as a whole counts only if the file is *whole*, that is,
    if captiond's own namespace was kept.
    """
    counted = [name for name in KEYWORDS if current[name] or whole]
    mentioned = {name: _mentioned(current[name], sep) for name, sep in KEYWORDS.items()}
    gone = {
        same(word): word
        for name, word in [*((name, tag) for tag in base.tags for name in counted), *_copies(base)]
        if name in counted and same(word) not in mentioned[name]
    } | {same(word): word for word in (*_lost(current, base, counted), *base.removed)}
    human, copied = theirs(current, base), _copied(current, base)
    kept = {part for name, sep in KEYWORDS.items() for part in _mentioned(human[name], sep)}
    removed = {key: word for key, word in gone.items() if key not in kept}
    # The last trace of a human's words is not ours to take, even if it is a copy.
    last = copied if not any(human.values()) and not any(behind.values()) else behind
    wanted = {
        name: [word for word in last[name] if not _out(word, separator, removed)]
        for name, separator in KEYWORDS.items()
    }
    return Standing(
        ours=tuple(word for word in base.tags if same(word) not in gone),
        flat=_once([*_flat(human), *_flat(wanted)]),
        paths=_once_paths([*_paths(human), *_paths(wanted)]),
        removed=removed,
    )


def theirs(current: Keywords, base: Ours) -> Keywords:
    """Leave out of *current* what captiond put there: the rest is a human's."""
    put = _put(base)
    return {name: [w for w in current[name] if (name, same(w)) not in put] for name in KEYWORDS}


def together(first: Keywords, second: Keywords) -> Keywords:
    """Join the words of two files, property by property."""
    return {name: [*first[name], *second[name]] for name in KEYWORDS}


def merged(
    current: Keywords, standing: Standing, base: Ours, new: Iterable[Tag], copy: bool = True
) -> tuple[Keywords, Ours]:
    """Bring *new* words and, with *copy*, a human's into all three properties.

    Gives the properties, in the order and spelling that they have, and *base* with the words that
    captiond has put there by then.
    """
    fresh = _fresh(new, standing)
    human = theirs(current, base)
    # a word of ours that was taken out is not brought back as one that stands above another
    left = {same(step) for path in fresh for step in path[:-1]}.difference(map(same, base.tags))
    after: dict[str, list[str]] = {}
    copied: list[str] = []
    for name in KEYWORDS:
        copies = _once(_repeated(name, standing)) if copy else ()
        entries = [_entry(name, path) for path in fresh]
        own = {same(word) for word in human[name]}
        wanted = own | {same(word) for word in (*copies, *entries)}
        wanted |= left if name == SUBJECT else set()
        put = {_entry(name, path) for path in _placed(base)}
        kept = list(_renewed(current[name], put, entries, wanted))
        have = {same(word) for word in kept}
        after[name] = [*kept, *(w for w in _once([*copies, *entries]) if same(w) not in have)]
        copied += [f"{name}={word}" for word in copies if same(word) not in own]
    return after, replace(
        base,
        tags=tuple(path[-1] for path in fresh),
        copied=tuple(copied),
        removed=tuple(sorted(standing.removed.values())),
        paths=tuple(STEP.join(path) for path in fresh if len(path) > 1),
        above=_above(fresh, standing),
    )


def _fresh(new: Iterable[Tag], standing: Standing) -> list[Path]:
    """Choose the words of ours, each with its place: no human's, none that a human took out."""
    known, out, fresh = _known(standing), set(standing.removed), list[Path]()
    room = MOST_TAGS
    for tag in new:
        meant = {same(word) for word in (tag.name, *tag.said)}
        if same(tag.name) in known or not meant.isdisjoint(out):
            continue
        # an addition takes up no room of others, and is nothing without its tag
        if room or tag.is_added:
            fresh.append((*tag.above, tag.name))
            room -= not tag.is_added
        else:
            out.add(same(tag.name))
    return fresh


def _above(fresh: Iterable[Path], standing: Standing) -> tuple[str, ...]:
    """List the words above ours that are nobody's keywords."""
    human = {same(step) for path in standing.paths for step in path}
    human.update(map(same, standing.flat))
    ours = {same(path[-1]) for path in fresh}
    words = _once(step for path in fresh for step in path[:-1])
    return tuple(word for word in words if same(word) not in human | ours)


def _renewed(
    current: list[str], put: Collection[str], entries: Iterable[str], wanted: Collection[str]
) -> Iterator[str]:
    """Keep what is *wanted*, and bring new *entries* to the places of those of ours that go.

    Ours are spelled as they are to be now, unless someone else spelled them otherwise.
    """
    spelling = {same(entry): entry for entry in entries}
    have = {same(word) for word in current}
    new = (entry for key, entry in spelling.items() if key not in have)
    for word in current:
        key = same(word)
        if key in wanted:
            yield spelling.get(key, word) if word in put else word
        elif word in put and (entry := next(new, None)):
            yield entry


def _repeated(name: str, standing: Standing) -> Iterator[str]:
    """Say how a human's words are to stand in the property *name*."""
    separator = KEYWORDS[name]
    if not separator:
        yield from standing.human
        return
    steps = {same(step) for path in standing.paths for step in path}
    yield from (separator.join(path) for path in standing.paths)
    yield from (word for word in standing.flat if same(word) not in steps)


def _put(base: Ours) -> Put:
    """List where captiond put which word: ours everywhere, copies where they were missing."""
    tags = {(name, same(_entry(name, path))) for path in _placed(base) for name in KEYWORDS}
    above = {(SUBJECT, same(word)) for word in base.above}
    return frozenset(tags | above | {(name, same(word)) for name, word in _copies(base)})


def _placed(base: Ours) -> list[Path]:
    """List the words of ours with the places that they were given."""
    paths = [tuple(path.split(STEP)) for path in base.paths]
    placed = {same(path[-1]) for path in paths}
    return [*paths, *((tag,) for tag in base.tags if same(tag) not in placed)]


def _entry(name: str, path: Path) -> str:
    """Spell a word of ours as it stands in the property *name*."""
    return KEYWORDS[name].join(path) if KEYWORDS[name] else path[-1]


def _copied(current: Keywords, base: Ours) -> Keywords:
    copies = {(name, same(word)) for name, word in _copies(base)}
    return {name: [w for w in current[name] if (name, same(w)) in copies] for name in KEYWORDS}


def _copies(base: Ours) -> Iterator[tuple[str, str]]:
    for copy in base.copied:
        name, _, word = copy.partition("=")
        yield name, word


def _lost(current: Keywords, base: Ours, counted: Iterable[str]) -> Iterator[str]:
    """Name a human's plain words of which only our copies are left, beside where they had stood."""
    copied: dict[str, set[str]] = {}
    for name, word in _copies(base):
        if name in KEYWORDS and not any(sep in word for sep in KEYWORDS.values() if sep):
            copied.setdefault(word, set()).add(name)
    for word, where in copied.items():
        origins = [name for name in counted if name not in where]
        stands = (_parts(current[name], KEYWORDS[name]) for name in origins)
        if origins and not any(same(word) in parts for parts in stands):
            yield word


def _parts(entries: Iterable[str], separator: str) -> set[str]:
    """Collect the entries and every step of their paths, in their common form."""
    return {same(part) for entry in entries for part in (entry, *_steps(entry, separator))}


def _mentioned(entries: Iterable[str], separator: str) -> set[str]:
    """Collect the entries and the last steps of their paths, in their common form."""
    return {same(part) for entry in entries for part in (entry, *_steps(entry, separator)[-1:])}


def _steps(entry: str, separator: str) -> Path:
    parts = entry.split(separator) if separator else [entry]
    return tuple(part.strip() for part in parts if part.strip())


def _out(entry: str, separator: str, removed: Mapping[str, str]) -> bool:
    """Tell whether a word that stands behind was taken out of the sidecar's copy."""
    return any(key in removed for key in _mentioned([entry], separator))


def _flat(found: Keywords) -> Iterator[str]:
    for name, separator in KEYWORDS.items():
        yield from (word.strip() for word in found[name] if len(_steps(word, separator)) == 1)


def _paths(found: Keywords) -> Iterator[Path]:
    for name, separator in KEYWORDS.items():
        paths = (_steps(entry, separator) for entry in found[name])
        yield from (path for path in paths if len(path) > 1)


def _spelled(path: Path, flat: Iterable[str]) -> bool:
    """Tell whether a whole path stands among the plain words, as one word with separators."""
    keys = {same(word) for word in flat}
    return any(same(separator.join(path)) in keys for separator in KEYWORDS.values() if separator)


def _known(standing: Standing) -> set[str]:
    return {same(word) for word in (*standing.flat, *(path[-1] for path in standing.paths))}


def _once(found: Iterable[str]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for word in found:
        seen.setdefault(same(word), word)
    return tuple(seen.values())


def _once_paths(found: Iterable[Path]) -> tuple[Path, ...]:
    seen: dict[Path, Path] = {}
    for path in found:
        seen.setdefault(tuple(map(same, path)), path)
    return tuple(seen.values())
