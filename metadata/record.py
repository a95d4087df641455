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
from metadata.keywords import Standing
from metadata.merge import Base
from metadata.sides import Said, Sides, sides
from metadata.spelling import same

BY_HUMAN = Provenance(HUMAN, "", None, "", "")


def record(asset: Asset, media: Properties, said: Sequence[Said]) -> Record:
    """Put together what the sidecars say, the XMP inside the media file, and the rest of that."""
    found = sides(media, said or (Said(None, {}),), Ours(), asset.content)
    every = range(len(found.said))
    stands = [found.standing(index) for index in every]
    whole = [index for index in every if _is_whole(found, index, asset)]
    shown_by = _showing(found)
    captions = map(found.caption, shown_by)
    return Record(
        asset,
        _with_human(
            _ours(found.bases[whole[0]], stands[whole[0]]) if whole else Description(),
            (word for index in shown_by for word in stands[index].human),
            next(filter(None, captions), None),
        ),
        tuple(_written(found.said[index]) for index in whole if found.said[index].path),
        found.bases[whole[0]].content if whole else None,
        next(filter(None, map(author, (*(side.properties for side in found.said), media))), None),
    )


def _is_whole(found: Sides, index: int, asset: Asset) -> bool:
    """Tell whether a side holds a description; one inside has to be of this very file."""
    base = found.bases[index]
    return base.whole and (not found.said[index].inside or base.content == asset.content)


def _showing(found: Sides) -> list[int]:
    """Choose the sides that tools look at: sidecars hide what is inside the file."""
    beside = [index for index, side in enumerate(found.said) if not side.inside]
    return beside or list(range(len(found.said)))


def _written(side: Said) -> Written:
    assert side.path is not None
    return Written("embedded" if side.inside else "sidecar", shown(side.path))


def _ours(base: Base, standing: Standing) -> Description:
    """Give the description of one side without the words that a human took out."""
    left = {same(word) for word in standing.ours}
    return replace(base.said, tags=tuple(tag for tag in base.said.tags if same(tag.name) in left))


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
