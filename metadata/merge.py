"""What is to stand in a sidecar, from what stands there and behind it, ours, and what is new. Pure.

For every single value: write it where there is nothing, replace what is ours, and leave alone
what a human wrote, changed or took out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version

from metadata.change import Ours, Rules
from metadata.description import UNKNOWN_LANGUAGE, Description
from metadata.fields import (
    CAPTION_WRITER,
    DESCRIPTION,
    IMAGE_DESCRIPTION,
    KEYWORDS,
    OURS,
    TRANSCRIPT,
    USER_COMMENT,
    Properties,
    Value,
    default,
    standard,
    text,
    texts,
    words,
)
from metadata.keywords import Keywords, Standing, keywords, merged, stand
from metadata.mirror import mirror, mirrored
from metadata.retold import retold
from metadata.spelling import is_junk, same

_X_DEFAULT = f"-{UNKNOWN_LANGUAGE}"
_WRITER = "captiond/"
_THEIRS = f"{IMAGE_DESCRIPTION}=theirs"
NO_KEYWORDS: Keywords = {name: [] for name in KEYWORDS}


@dataclass(frozen=True, slots=True)
class Base:
    """What captiond wrote last time, of which *content*.

    *whole* says that the file itself still tells so.
    """

    ours: Ours = field(default_factory=Ours)
    said: Description = field(default_factory=Description)
    whole: bool = False
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """What a human wrote elsewhere, which a sidecar would hide: it is repeated there."""

    keywords: Keywords = field(default_factory=lambda: NO_KEYWORDS)
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of a sidecar: the text to stand there, and whether it is *ours* or *copied*.

    Ours or a copy without a text was taken out by a human, and is remembered.
    """

    text: str | None
    ours: str | None = None
    copied: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The properties to stand in a sidecar (None: not at all), and what of them is ours."""

    properties: Mapping[str, Value | None]
    ours: Ours


def base_of(properties: Properties, journal: Ours) -> Base:
    """Find the base of the merge: the file's own account, else the journal's.

    Where there is no sidecar at all nothing of ours is left, but what a human removed stays out.
    """
    if not properties:
        return Base(Ours(removed=journal.removed))
    own = mirror(properties)
    return Base(own.ours, own.said, whole=True, content=own.content) if own else Base(journal)


def standing(current: Properties, base: Base, behind: Behind) -> Standing:
    """Tell whose the keywords of a sidecar are.

    With a word that was taken out go the words of the description that it was written for.
    """
    found = stand(keywords(current), base.ours, base.whole, behind.keywords)
    out = [t for t in base.said.tags if same(t.name) in found.removed and not t.is_added]
    meant = {same(word): word for tag in out for word in tag.said}
    return replace(found, removed={**meant, **found.removed})


def human_caption(current: Properties, base: Base, behind: str | None) -> str | None:
    """Find the caption that a human wrote: in the sidecar, else *behind* it."""
    stands, placed = _stands(current), _placed(base)
    if stands and stands not in placed:
        return stands
    if not stands and base.ours.copied_caption:
        return None
    # The last trace of a human's caption is not ours to take, even if it is a copy.
    last = base.ours.copied_caption if stands == base.ours.copied_caption else None
    return _elsewhere(current, base) or behind or last


def caption(current: Properties, base: Base, behind: str | None, new: str | None) -> Caption:
    """Decide about the caption: a human's stays or is copied up, else ours is renewed."""
    stands, placed = _stands(current), _placed(base)
    if not stands and placed:
        return Caption(None, base.ours.caption, base.ours.copied_caption)
    human = human_caption(current, base, behind)
    if human is None:
        return Caption(new, ours=new)
    return Caption(human, copied=None if stands and stands not in placed else human)


def wanted(
    current: Properties,
    behind: Behind,
    base: Base,
    said: Description,
    content: str,
    rules: Rules,
    copy: Collection[str] = ("caption", "tags"),
    inside: bool = False,
) -> Wanted:
    """Merge *said* into a sidecar, or *inside* a media file, of which *current* is known.

    *copy* names what of a human's is repeated: caption, tags, both or none.
    """
    chosen = caption(current, base, behind.caption, default(said.caption))
    if chosen.copied and chosen.text and "caption" not in copy:
        chosen = Caption(None)
    stands = standing(current, base, behind)
    after, put = merged(keywords(current), stands, base.ours, said.tags, "tags" in copy)
    copied = (*put.copied, *_mark_of_theirs(current, base, chosen))
    ours = replace(put, copied=copied, caption=chosen.ours, copied_caption=chosen.copied)
    properties = {
        **_caption_properties(current, base, said, chosen, inside),
        **_translations(current, base, said, chosen, rules),
        **_repeated(current, base.said, said, inside),
        **_keyword_properties(current, after),
        **{name: None for name in current if name.startswith(OURS)},
        **retold(mirrored(said, ours, content), current),
    }
    return Wanted(properties, ours)


def nothing_of_ours(merge: Wanted) -> Wanted:
    """Leave out captiond's own namespace as well."""
    kept = {n: None if n.startswith(OURS) else v for n, v in merge.properties.items()}
    return Wanted(kept, Ours())


def _stands(current: Properties) -> str | None:
    return texts(current, DESCRIPTION).get(UNKNOWN_LANGUAGE)


def _placed(base: Base) -> tuple[str, ...]:
    return tuple(c for c in (base.ours.caption, base.ours.copied_caption) if c)


def _elsewhere(current: Properties, base: Base) -> str | None:
    """Look for a human's caption in the other properties of a sidecar."""
    told = texts(current, DESCRIPTION)
    foreign = {lang: each for lang, each in told.items()
               if lang != UNKNOWN_LANGUAGE and each != base.said.caption.get(lang)}  # fmt: skip
    captions = (text(current, IMAGE_DESCRIPTION), text(current, USER_COMMENT))
    placed = _placed(base)
    others = (c for c in captions if c and c not in placed)
    # a copy of ours stands in no language of its own: who is alike there is where it is from
    return next((c for c in (default(foreign), *others) if c and not is_junk(c)), None)


def _settled(ours: str | None, stands: str | None, new: str | None) -> str | None:
    return new if stands == ours else stands


def _caption_properties(
    current: Properties, base: Base, said: Description, chosen: Caption, inside: bool
) -> dict[str, Value | None]:
    """Put the caption where all look for it; a name is signed only to a caption of ours.

    Beside the file it stands twice, or some readers would show what a camera put into its EXIF.
    """
    put = chosen.text if (chosen.ours or chosen.copied) and not inside else None
    repeated = texts(current, IMAGE_DESCRIPTION).get(UNKNOWN_LANGUAGE)
    stale = repeated if repeated in _placed(base) and _THEIRS not in base.ours.copied else None
    writer = text(current, CAPTION_WRITER)
    ours = writer if writer and writer.startswith(_WRITER) else None
    signed = _writer(said) if chosen.ours and chosen.text else None
    return {
        DESCRIPTION + _X_DEFAULT: chosen.text,
        IMAGE_DESCRIPTION + _X_DEFAULT: _settled(stale, repeated, put),
        CAPTION_WRITER: _settled(ours, writer, signed),
    }


def _mark_of_theirs(current: Properties, base: Base, chosen: Caption) -> tuple[str, ...]:
    """Give the mark of a human's caption that stands in the second property of its own."""
    stands = texts(current, IMAGE_DESCRIPTION).get(UNKNOWN_LANGUAGE)
    theirs = stands not in _placed(base) or _THEIRS in base.ours.copied
    return (_THEIRS,) if stands and theirs and stands == chosen.copied else ()


def _writer(said: Description) -> str:
    made = said.provenance.get("caption")
    return f"{_WRITER}{_version()}" + (f" ({made.model})" if made else "")


@cache
def _version() -> str:
    return version("captiond")


def _translations(
    current: Properties, base: Base, said: Description, chosen: Caption, rules: Rules
) -> dict[str, Value | None]:
    """Put translations beside a caption of ours, where that is asked for."""
    asked = rules.translations_in_description and chosen.ours and chosen.text
    new = said.caption if asked else {}
    stands = texts(current, DESCRIPTION)
    return {
        f"{DESCRIPTION}-{language}": new.get(language)
        for language in {**base.said.caption, **new}
        if stands.get(language) in (None, base.said.caption.get(language))
    }


def _repeated(
    current: Properties, old: Description, new: Description, inside: bool
) -> dict[str, Value | None]:
    """Put the texts of ours that stand in namespaces of others, language by language."""
    before, after = standard(old), standard(new)
    if inside:
        after[TRANSCRIPT] = {}
    return {
        f"{name}-{language}": _settled(
            before[name].get(language),
            texts(current, name).get(language),
            after[name].get(language),
        )
        for name in after
        for language in {**before[name], **after[name]}
    }


def _keyword_properties(current: Properties, after: Keywords) -> dict[str, Value | None]:
    """Leave a list whose words are the same as it is."""
    return {
        name: current.get(name) if found == words(current, name) else list(found) or None
        for name, found in after.items()
    }
