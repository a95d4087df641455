"""Take exactly what is ours out of a sidecar or a media file again: all, or some of its fields."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from metadata.asset import Asset, Stat
from metadata.beside import captions_of, existing_sidecars
from metadata.change import Change, Ours, Prepared, Rules
from metadata.description import Description
from metadata.document import refused
from metadata.exiftool import ExifTool
from metadata.fields import Properties
from metadata.inside import Unfit, embedded
from metadata.iptc import with_iptc
from metadata.look import Seen, look
from metadata.merge import Base, Wanted, nothing_of_ours, wanted
from metadata.record import record
from metadata.sides import Said, Sides, sides, xmp
from metadata.stage import applied, staged
from metadata.subtitled import without_captions
from metadata.targets import obstacle
from metadata.without import without

_HEARD = {"speech", "transcript"}


def strip(
    exiftool: ExifTool,
    asset: Asset,
    target: Path,
    base: Ours,
    fields: tuple[str, ...],
    rules: Rules,
) -> Prepared:
    """Prepare to take our values, and our copies of a human's words, out of *target*.

    *fields* are among ``without.FIELDS``; none means all. What a human or
    another program wrote stays; a sidecar that then holds nothing goes. A note says why nothing
    is taken out of a media file that cannot be written. Raises AssetError as ``sidecar.read`` does.
    """
    if target == captions_of(asset.path):
        return _without_captions(exiftool, asset, target, fields)
    try:
        if target == asset.path:
            return _Stripping(exiftool, asset, base, fields, rules).inside()
        return _Stripping(exiftool, asset, base, fields, rules).beside(target)
    except OSError as error:
        raise refused(asset.path, error) from error


@dataclass(frozen=True, slots=True)
class _Stripping:
    """One undo by values: what is taken out, and whose values they are."""

    exiftool: ExifTool
    asset: Asset
    base: Ours
    fields: tuple[str, ...]
    rules: Rules

    def beside(self, target: Path) -> Prepared:
        """Take our values out of a sidecar."""
        every = existing_sidecars(self.asset.path, self.asset.content)
        others = [path for path in every if path != target]
        seen = look(self.exiftool, self.asset, [target, *others])
        current = seen.sides[0].properties
        if not current:
            return Prepared((), record(self.asset, seen.media, seen.sides[1:]))
        merge = self._merge(sides(seen.media, seen.sides, self.base, self.asset.content), 0)
        merge = merge if self.fields else nothing_of_ours(merge)
        change, after = staged(self.exiftool, seen.documents[0], current, merge)
        told = (Said(target, after), *seen.sides[1:])
        return Prepared((change,) if change else (), record(self.asset, seen.media, told))

    def inside(self) -> Prepared:
        """Take our values out of the media file itself."""
        path = self.asset.path
        stat = Stat.of(path.lstat())
        beside = existing_sidecars(path, self.asset.content)
        seen = look(self.exiftool, self.asset, beside, inside=True)
        content = self.asset.content
        found = sides(seen.media, seen.sides, self.base, content, embeds=True, within=self.base)
        known = (found.bases[-1].ours, found.iptc)
        has_ours = any(ours.tags or ours.copied or ours.caption for ours in known)
        if not (has_ours or found.bases[-1].whole):
            return Prepared((), record(self.asset, seen.media, seen.sides))
        try:
            merge = self._without_iptc(found, seen.media)
            change, media = self._embedded(stat, seen, merge)
        except Unfit as error:
            why = f"what captiond wrote into the file stays there, because {error}"
            return Prepared((), record(self.asset, seen.media, seen.sides), (why,))
        told = (*seen.sides[:-1], xmp(path, media))
        return Prepared((change,) if change else (), record(self.asset, media, told))

    def _embedded(self, stat: Stat, seen: Seen, merge: Wanted) -> tuple[Change | None, Properties]:
        if applied(seen.media, merge) == seen.media:
            return None, seen.media
        if why := obstacle(self.asset.path, self.asset.format):
            raise Unfit(why)
        return embedded(self.exiftool, self.asset, stat, seen, merge, taking=True)

    def _without_iptc(self, found: Sides, media: Properties) -> Wanted:
        index = len(found.said) - 1
        merge, base = self._merge(found, index), found.bases[index]
        said, content = self._said(base), self.asset.content
        merge = with_iptc(merge, media, found.iptc, said, content, self._copies())
        return merge if self.fields else nothing_of_ours(merge)

    def _merge(self, found: Sides, index: int) -> Wanted:
        side, base = found.said[index], found.bases[index]
        return wanted(
            side.properties,
            found.behind(index),
            base,
            self._said(base),
            self.asset.content,
            self.rules,
            self._copies(),
            side.inside,
        )

    def _said(self, base: Base) -> Description:
        return without(base.said, self.fields) if self.fields else Description()

    def _copies(self) -> Collection[str]:
        return {"caption", "tags"}.difference(self.fields) if self.fields else ()


def _without_captions(
    exiftool: ExifTool, asset: Asset, target: Path, fields: tuple[str, ...]
) -> Prepared:
    seen = look(exiftool, asset, existing_sidecars(asset.path, asset.content))
    change = without_captions(target) if not fields or _HEARD.intersection(fields) else None
    return Prepared((change,) if change else (), record(asset, seen.media, seen.sides))
