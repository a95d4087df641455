"""What IPTC IIM inside a media file is to hold, beside its XMP, and what of it is ours. Pure.

IPTC is changed only where it is there already, and EXIF never. What captiond puts there is
remembered in ``Ours.copied``: each keyword, ours or a human's, as ``IPTC:Keywords=WORD`` in the
spelling that it has there; the caption and the character set by marks; and a caption of ours that
another program copied into EXIF by its hash. Lengths are those of IPTC IIM 4.2, sections 2:25 and
2:120.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace

from metadata.change import Ours
from metadata.description import UNKNOWN_LANGUAGE, Description
from metadata.fields import (
    DESCRIPTION,
    EXIF_CAPTION,
    IPTC_CAPTION,
    IPTC_KEYWORDS,
    SUBJECT,
    Properties,
    Value,
    text,
    words,
)
from metadata.merge import Wanted
from metadata.mirror import mirrored
from metadata.retold import retold
from metadata.spelling import clean, is_junk, same

GROUP = "IPTC:"
CHARSET = f"{GROUP}CodedCharacterSet"
UTF8 = "UTF8"
LONGEST_WORD, LONGEST_CAPTION = 64, 2000
Changed = dict[str, Value | None]
Marks = tuple[str, ...]
_OUR_CAPTION = f"{IPTC_CAPTION}=caption"
_WORD = f"{IPTC_KEYWORDS}="
_OUR_CHARSET = f"{CHARSET}={UTF8}"


def holds_iptc(media: Properties) -> bool:
    """Tell whether there is an IPTC block, in a character set that captiond can write."""
    return any(n.startswith(GROUP) for n in media) and media.get(CHARSET, UTF8) == UTF8


def cut(value: str, most: int) -> str:
    """Cut *value* to *most* bytes of UTF-8, at a character."""
    return value.encode()[:most].decode("utf-8", "ignore").strip()


def human_keywords(media: Properties, ours: Ours) -> list[str]:
    """List the IPTC keywords that captiond neither put there nor has among its own."""
    told = (*ours.tags, *ours.above)
    put = {*_put(ours), *(same(cut(word, LONGEST_WORD)) for word in told)}
    return [word for word in words(media, IPTC_KEYWORDS) if same(word) not in put]


def human_caption(media: Properties, ours: Ours) -> str | None:
    """Give the IPTC caption that captiond has not put there."""
    stands = text(media, IPTC_CAPTION)
    return stands if stands and not _is_ours(stands, ours) and not is_junk(stands) else None


def exif_caption(media: Properties, ours: Ours) -> str | None:
    """Give the EXIF caption, unless it is one of ours that another program put there."""
    stands = text(media, EXIF_CAPTION)
    return stands if stands and not _mark_of_exif(media, ours) and not is_junk(stands) else None


def outlived(ours: Ours) -> Ours:
    """Leave of *ours* what can stand in IPTC when all XMP is gone.

    A human's words and caption that captiond only repeated there may be the last trace of them.
    """
    put = _put(ours)
    repeated = {same(copy.partition("=")[2]) for copy in ours.copied if not _is_mark(copy)}
    own = tuple(
        word
        for word in ours.tags
        if same(cut(word, LONGEST_WORD)) in put and same(word) not in repeated
    )
    short = {same(cut(word, LONGEST_WORD)) for word in own}
    caption = ours.caption if _OUR_CAPTION in ours.copied else None
    marks = (
        copy
        for copy in filter(_is_mark, ours.copied)
        if (same(copy[len(_WORD) :]) in short if copy.startswith(_WORD) else True)
        and (caption or copy != _OUR_CAPTION)
    )
    return Ours(tags=own, copied=tuple(marks), caption=caption)


def _is_mark(copy: str) -> bool:
    return copy.startswith((GROUP, f"{EXIF_CAPTION}="))


def taken_out(media: Properties, ours: Ours) -> Iterable[str]:
    """Name the words that captiond put among the IPTC keywords and that somebody took out there.

    A block that is gone as a whole says nothing about a word.
    """
    if not holds_iptc(media):
        return
    left = {same(word) for word in words(media, IPTC_KEYWORDS)}
    gone = _put(ours) - left
    for word in (*ours.tags, *(copy.partition("=")[2] for copy in ours.copied)):
        if same(cut(word, LONGEST_WORD)) in gone:
            yield word


def with_iptc(
    merge: Wanted,
    media: Properties,
    base: Ours,
    said: Description,
    content: str,
    copy: Collection[str] = ("caption", "tags"),
) -> Wanted:
    """Bring the words and the caption of *merge* into the IPTC of *media* as well.

    *base* is what captiond put into the file last time; *copy* says what of a human's is repeated.
    """
    changed: Changed = {}
    marks = _mark_of_exif(media, base)
    if holds_iptc(media):
        changed, put = _block(merge, media, base, "tags" in copy)
        marks += put
    if not marks and not changed:
        return merge
    ours = replace(merge.ours, copied=(*merge.ours.copied, *marks))
    account = retold(mirrored(said, ours, content), media)
    return Wanted({**merge.properties, **changed, **account}, ours)


def _block(merge: Wanted, media: Properties, base: Ours, copies: bool) -> tuple[Changed, Marks]:
    """Give what changes in the block, and the marks of all that is ours there then."""
    after, put = _keywords(merge, media, base, copies)
    caption, mark = _caption(merge, media, base)
    block: Changed = {IPTC_KEYWORDS: after or None, IPTC_CAPTION: caption}
    changed = {name: value for name, value in block.items() if value != media.get(name)}
    marks = (*(f"{IPTC_KEYWORDS}={word}" for word in put), *mark)
    if not changed:
        return {}, (*marks, *{_OUR_CHARSET}.intersection(base.copied))
    charset, named = _charset(block, media, base)
    return {**changed, CHARSET: charset}, (*marks, *named)


def _keywords(
    merge: Wanted, media: Properties, base: Ours, copies: bool
) -> tuple[list[Value], list[str]]:
    """Give the keywords to stand there, in their order, and those of them that captiond put."""
    human = {same(word) for word in human_keywords(media, base)}
    value = merge.properties.get(SUBJECT)
    subject = [word for word in (value if isinstance(value, list) else []) if isinstance(word, str)]
    ours = {same(tag) for tag in merge.ours.tags}
    above = {same(word) for word in merge.ours.above}
    every = [w for w in subject if (copies or same(w) in ours) and same(w) not in above]
    wanted = {same(short): short for word in every if (short := cut(clean(word), LONGEST_WORD))}
    put = {key: word for key, word in wanted.items() if key not in human}
    stand = words(media, IPTC_KEYWORDS)
    kept = [word for word in stand if same(word) in {*human, *put, *above}]
    # What was taken out here alone stays out, and stays remembered.
    there = {same(word) for word in stand} | _put(base)
    return [*kept, *(w for key, w in put.items() if key not in there)], list(put.values())


def _caption(merge: Wanted, media: Properties, base: Ours) -> tuple[str | None, Marks]:
    """Give the caption to stand there, and the mark that it is ours; a human's stays."""
    stands = text(media, IPTC_CAPTION)
    if not stands and _OUR_CAPTION in base.copied:
        return None, (_OUR_CAPTION,)
    if stands and not _is_ours(stands, base):
        return stands, ()
    placed = merge.ours.caption or merge.ours.copied_caption
    new = merge.properties.get(f"{DESCRIPTION}-{UNKNOWN_LANGUAGE}") if placed else None
    short = cut(new, LONGEST_CAPTION) if isinstance(new, str) else None
    return short, (_OUR_CAPTION,) if short else ()


def _is_ours(caption: str, ours: Ours) -> bool:
    """Tell whether captiond put *caption* there, or another program copied it from our XMP."""
    copied = ours.copied_caption if _OUR_CAPTION in ours.copied else None
    return caption.strip() in {
        cut(each, LONGEST_CAPTION) for each in (ours.caption, copied) if each
    }


def _put(ours: Ours) -> set[str]:
    return {same(copy[len(_WORD) :]) for copy in ours.copied if copy.startswith(_WORD)}


def _charset(block: Changed, media: Properties, base: Ours) -> tuple[str | None, Marks]:
    """Name the character set once it matters, and mark that; the name goes with the need for it."""
    every = {name: value for name, value in media.items() if name.startswith(GROUP)} | block
    plain = all(str(value).isascii() for value in every.values())
    ours = _OUR_CHARSET in base.copied or CHARSET not in media
    if plain and ours:
        return None, ()
    return UTF8, (_OUR_CHARSET,) if ours else ()


def _mark_of_exif(media: Properties, ours: Ours) -> Marks:
    """Give the mark of a caption in EXIF that is, or was, ours."""
    stands = text(media, EXIF_CAPTION)
    if not stands:
        return ()
    mark = f"{EXIF_CAPTION}={hashlib.sha256(stands.encode()).hexdigest()[:16]}"
    return (mark,) if mark in ours.copied or stands == ours.caption else ()
