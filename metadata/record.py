"""An asset's record, from what its files say: ours beside a human's. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from metadata.asset import Asset, shown
from metadata.change import Ours
from metadata.description import (
    HUMAN,
    UNKNOWN_LANGUAGE,
    Description,
    Provenance,
    Record,
    Tag,
    Written,
)
from metadata.fields import Properties, author
from metadata.sides import Said, Sides, sides
from metadata.spelling import same

BY_HUMAN = Provenance(HUMAN, "", None, "", "")


def record(asset: Asset, media: Properties, said: Sequence[Said]) -> Record:
    """Put together what the sidecars say, the XMP inside the media file, and the rest of that."""
    found = sides(media, said or (Said(None, {}),), Ours(), asset.content)
    whole = [
        (side, base) for side, base in zip(found.said, found.bases, strict=True)
        if base.whole and (not side.inside or base.content == asset.content)
    ]  # fmt: skip
    shown_by = _showing(found)
    captions = map(found.caption, shown_by)
    return Record(
        asset,
        _with_human(
            _ours(found, asset),
            (word for index in shown_by for word in found.standing(index).human),
            next(filter(None, captions), None),
        ),
        tuple(_written(side) for side, _ in whole if side.path),
        next((base.content for _, base in whole), None),
        next(filter(None, map(author, (*(side.properties for side in found.said), media))), None),
    )


def _showing(found: Sides) -> list[int]:
    """Choose the sides that tools look at: sidecars hide what is inside the file."""
    beside = [index for index, side in enumerate(found.said) if not side.inside]
    return beside or list(range(len(found.said)))


def _written(side: Said) -> Written:
    assert side.path is not None
    return Written("embedded" if side.inside else "sidecar", shown(side.path))


def _ours(found: Sides, asset: Asset) -> Description:
    """Take the description from the first side that has one; one inside has to be of this file."""
    for index, (side, base) in enumerate(zip(found.said, found.bases, strict=True)):
        if base.whole and (not side.inside or base.content == asset.content):
            left = {same(word) for word in found.standing(index).ours}
            return replace(
                base.said, tags=tuple(tag for tag in base.said.tags if same(tag.name) in left)
            )
    return Description()


def _with_human(said: Description, words: Iterable[str], caption: str | None) -> Description:
    known = {same(tag.name) for tag in said.tags}
    human = {same(word): word for word in reversed(list(words)) if same(word) not in known}
    tags = tuple(Tag(word, HUMAN) for word in reversed(human.values()))
    said = replace(said, tags=(*said.tags, *tags))
    if caption is None:
        return said
    return replace(
        said,
        caption={**said.caption, UNKNOWN_LANGUAGE: caption},
        provenance={**said.provenance, f"caption.{UNKNOWN_LANGUAGE}": BY_HUMAN},
    )
