"""All places that say something of an asset, and what of a human's stands behind each. Pure.

A side is a sidecar, or the XMP inside the media file. Behind it stand the other sides, and the
IPTC and EXIF of the file, which only repeat or are repeated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from metadata import iptc
from metadata.change import Ours
from metadata.description import UNKNOWN_LANGUAGE
from metadata.fields import DESCRIPTION, SUBJECT, TOOLKIT, Properties, texts
from metadata.keywords import Standing, keywords, theirs, together
from metadata.merge import NO_KEYWORDS, Base, Behind, base_of, human_caption, standing
from metadata.spelling import clean

_XMP = "XMP-"
_NOTHING = Ours()


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says; *path* is None for one that is not written.

    *inside* marks the XMP of the media file.
    """

    path: Path | None
    properties: Properties
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Sides:
    """The sides of an asset, what captiond wrote there last time, and what stands behind all.

    *iptc* is what captiond put into the IPTC of the media file, which can outlive the XMP.
    """

    said: tuple[Said, ...]
    bases: tuple[Base, ...]
    rest: Behind
    iptc: Ours

    def behind(self, index: int) -> Behind:
        """Tell what of a human's stands behind one side; the first of the others hides the rest."""
        behind = self.rest
        for other in reversed(range(len(self.said))):
            if other != index:
                behind = _both(behind, self.said[other].properties, self.bases[other])
        return behind

    def standing(self, index: int) -> Standing:
        """Tell whose the keywords of one side are."""
        return standing(self.said[index].properties, self.bases[index], self.behind(index))

    def caption(self, index: int) -> str | None:
        """Find the caption of a human's that one side shows, or is to show."""
        behind = self.behind(index).caption
        return human_caption(self.said[index].properties, self.bases[index], behind)


def xmp(path: Path, media: Properties) -> Said:
    """Take the XMP out of what a media file says."""
    names = (name for name in media if name.startswith(_XMP) and name != TOOLKIT)
    return Said(path, {name: media[name] for name in names}, inside=True)


def sides(
    media: Properties,
    said: Sequence[Said],
    journal: Ours,
    content: str | None = None,
    embeds: bool = False,
    within: Ours = _NOTHING,
) -> Sides:
    """Put the sides together.

    *journal* is what captiond wrote, for a side that does not tell itself: a sidecar, and where it
    *embeds* the media file, if no sidecar accounts for it. What of it went *within* the media file
    holds there also where a sidecar of the same content accounts for itself. A word that a human
    took out of one side is out of all that do not hold it as a human's; but an account of other
    *content*, which an export has taken along, says nothing of this.
    """
    told = [base_of(side.properties, journal) for side in said if not side.inside]
    accounted = not embeds or any(base.whole for base in told)
    for side in said:
        if side.inside:
            known = _accounted(told, within, content) if accounted else journal
            told.append(base_of(side.properties, known))
    told = _with_copied_captions(said, told)
    inside = next((b for s, b in zip(said, told, strict=True) if s.inside), Base())
    removed: dict[str, None] = {}
    shared = len(said) > 1 or (said and said[0].inside)
    for side, base in zip(said, told, strict=True) if shared else ():
        if not side.inside or content in (None, base.content or content):
            removed |= dict.fromkeys(_removed(media, side, base))
    put = _in_iptc(inside, within)
    bases = tuple(_without(base, removed) for base in told)
    return Sides(tuple(said), bases, _rest(media, put), put)


def _accounted(told: Sequence[Base], within: Ours, content: str | None) -> Ours:
    """Take what was written *within* for what is there, if a sidecar tells that it is this file."""
    same_file = any(base.whole and content in (None, base.content) for base in told)
    return within if same_file else Ours()


def _in_iptc(inside: Base, within: Ours) -> Ours:
    """Tell what captiond put into IPTC: what the XMP accounts for, else what was put *within*."""
    known = inside.ours
    if inside.whole or known.tags or known.copied:
        return known
    left = iptc.outlived(within)
    return replace(left, caption=left.caption or known.caption)


def _removed(media: Properties, side: Said, base: Base) -> Iterator[str]:
    """Name what a human took out of one side, and of the IPTC that belongs to it."""
    if base.ours == Ours():
        return
    yield from standing(side.properties, base, Behind()).removed.values()
    if side.inside:
        yield from iptc.taken_out(media, base.ours)


def _with_copied_captions(said: Sequence[Said], told: Sequence[Base]) -> list[Base]:
    """Count a caption of ours as ours where another program has copied it into its own sidecar.

    A word is left to whoever wrote it there: people choose the same ones by themselves.
    """
    captions = {base.ours.caption for base in told if base.whole}
    stands = [texts(side.properties, DESCRIPTION).get(UNKNOWN_LANGUAGE) for side in said]
    return [
        replace(base, ours=replace(base.ours, caption=caption))
        if caption and caption in captions and not base.whole
        else base
        for base, caption in zip(told, stands, strict=True)
    ]


def _without(base: Base, removed: dict[str, None]) -> Base:
    every = dict.fromkeys(base.ours.removed) | removed
    return replace(base, ours=replace(base.ours, removed=tuple(every)))


def _rest(media: Properties, ours: Ours) -> Behind:
    """Take a human's words and caption out of IPTC and EXIF.

    They can hold what XML cannot: it is left out, or no XMP could repeat the rest.
    """
    spelled = (clean(word).strip() for word in iptc.human_keywords(media, ours))
    captions = (iptc.human_caption(media, ours), iptc.exif_caption(media, ours))
    human = (clean(caption).strip() for caption in captions if caption)
    kept = {**NO_KEYWORDS, SUBJECT: list(filter(None, spelled))}
    return Behind(kept, next(filter(None, human), None))


def _both(behind: Behind, other: Properties, base: Base) -> Behind:
    """Add a human's words and caption in another side to what stands *behind* this one."""
    found = theirs(keywords(other), base.ours)
    spelled = {name: [clean(word).strip() for word in words] for name, words in found.items()}
    kept = {name: list(filter(None, words)) for name, words in spelled.items()}
    caption = human_caption(other, base, None)
    return Behind(
        together(kept, behind.keywords),
        (clean(caption).strip() if caption else None) or behind.caption,
    )
