"""An asset's record, from what its files say: ours beside a human's. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

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
from metadata.merge import Base, Behind, base_of, behind_both, behind_media, human_caption, standing
from metadata.mirror import mirror
from metadata.spelling import same

BY_HUMAN = Provenance(HUMAN, "", None, "", "")


@dataclass(frozen=True, slots=True)
class Said:
    """What one sidecar says; *path* is None for one that is not written."""

    path: Path | None
    properties: Properties


def record(asset: Asset, media: Properties, sidecars: Sequence[Said]) -> Record:
    """Put together what the media file and its sidecars say."""
    sides = sidecars or (Said(None, {}),)
    bases = [base_of(side.properties, Ours()) for side in sides]
    behinds = [behind_others(media, sides, bases, index) for index in range(len(sides))]
    stands = [
        standing(side.properties, base, behind)
        for side, base, behind in zip(sides, bases, behinds, strict=True)
    ]
    captions = [
        human_caption(side.properties, base, behind.caption)
        for side, base, behind in zip(sides, bases, behinds, strict=True)
    ]
    return Record(
        asset,
        _with_human(
            _ours(asset, media, bases, stands),
            (word for each in stands for word in each.human),
            next(filter(None, captions), None),
        ),
        tuple(
            Written("sidecar", shown(side.path))
            for side, base in zip(sides, bases, strict=True)
            if base.whole and side.path
        ),
        next((base.content for base in bases if base.whole), None),
        next(filter(None, map(author, (*(side.properties for side in sides), media))), None),
    )


def behind_others(
    media: Properties, sides: Sequence[Said], bases: Sequence[Base], index: int
) -> Behind:
    """Tell what of a human's stands behind one of several sidecars: the media file, the others."""
    behind = behind_media(media)
    for other, (side, base) in enumerate(zip(sides, bases, strict=True)):
        if other != index:
            behind = behind_both(behind, side.properties, base)
    return behind


def _ours(
    asset: Asset, media: Properties, bases: Sequence[Base], stands: Sequence[Standing]
) -> Description:
    """Take the description from the first sidecar that has one, else from the file itself."""
    for base, each in zip(bases, stands, strict=True):
        if base.whole:
            left = {same(word) for word in each.ours}
            return replace(
                base.said, tags=tuple(tag for tag in base.said.tags if same(tag.name) in left)
            )
    embedded = mirror(media)
    return embedded.said if embedded and embedded.content == asset.content else Description()


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
