"""What is known of a media file: read it from its files, and prepare what they are to say.

Nothing here changes a file that others see; what does is ``place``, which is offered here too.
"""

from dataclasses import dataclass

from metadata.asset import Asset, AssetError, Stat
from metadata.beside import existing_sidecars
from metadata.change import Change, Ours, Prepared, Rules, Write
from metadata.description import Description, Record
from metadata.document import refused
from metadata.exiftool import ExifTool
from metadata.fields import Properties, writable
from metadata.inside import TooLong, Unfit, embedded
from metadata.iptc import with_iptc
from metadata.look import Seen, look
from metadata.merge import Wanted, wanted
from metadata.place import place, sweep
from metadata.reasons import Reason
from metadata.record import record
from metadata.sides import Said, Sides, sides, xmp
from metadata.stage import applied, staged
from metadata.strip import strip
from metadata.subtitled import caption_file
from metadata.targets import Targets, divided, instead, targets
from metadata.without import without

__all__ = ["place", "prepare", "read", "strip", "sweep"]

# What of a description can be long: texts in the picture, and what is said in a film.
_LONGEST = ("text", "speech")
_NOTHING = Ours()


def read(exiftool: ExifTool, asset: Asset, rules: Rules) -> Record:
    """Read everything known of *asset* from the media file and its sidecars.

    Raises AssetError: SIDECAR_INVALID, BUSY, or what keeps a file from being read.
    """
    seen = look(exiftool, asset, existing_sidecars(asset.path, asset.content))
    return record(asset, seen.media, seen.sides)


def prepare(
    exiftool: ExifTool,
    asset: Asset,
    description: Description,
    rules: Rules,
    base: Ours,
    within: Ours = _NOTHING,
) -> Prepared:
    """Merge *description* into the files of *asset*, as private files that can be placed.

    *base* is what the journal says captiond wrote, for a file that does not tell itself, and
    *within* what of it went into the media file. There is
    no change where nothing would be different; notes say where values go beside a file that
    cannot hold them. Raises AssetError as ``read`` does, and SIDECAR_INVALID for a sidecar that
    could not be changed without harm.
    """
    said = writable(description)
    try:
        stat = Stat.of(asset.path.lstat())
        plan = targets(asset, rules)
        while True:
            try:
                return _Preparing(exiftool, asset, said, rules, base, within, plan).prepared()
            except Unfit as error:
                _check_unchanged(asset, stat)
                plan = _next_best(asset, rules, plan, error)
    except OSError as error:
        raise refused(asset.path, error) from error


def _check_unchanged(asset: Asset, stat: Stat) -> None:
    """Blame nothing on a file that another program is writing: it is to be looked at again."""
    if Stat.of(asset.path.lstat()) != stat:
        raise AssetError(asset.path, Reason.BUSY)


def _next_best(asset: Asset, rules: Rules, plan: Targets, error: Unfit) -> Targets:
    choose = divided if isinstance(error, TooLong) and not plan.lean else instead
    return choose(asset, rules, str(error))


@dataclass(frozen=True, slots=True)
class _Preparing:
    """One description on its way into the files that a plan names."""

    exiftool: ExifTool
    asset: Asset
    said: Description
    rules: Rules
    base: Ours
    within: Ours
    plan: Targets

    def prepared(self) -> Prepared:
        """Stage every change; raises Unfit when the media file cannot hold its part."""
        stat = Stat.of(self.asset.path.lstat())
        seen = look(self.exiftool, self.asset, self.plan.sidecars, self.plan.inside)
        content, embeds = self.asset.content, self.plan.inside
        found = sides(seen.media, seen.sides, self.base, content, embeds, self.within)
        if self.rules.write is Write.NONE:
            return Prepared((), record(self.asset, seen.media, self._unwritten(seen, found)))
        changes: list[Change] = []
        try:
            return self._staged(seen, found, stat, changes)
        except BaseException:
            for change in changes:
                if change.staged:
                    change.staged.unlink(missing_ok=True)
            raise

    def _unwritten(self, seen: Seen, found: Sides) -> list[Said]:
        beside = range(len(seen.documents))
        return [
            *(Said(None, applied(seen.sides[n].properties, self._merge(found, n))) for n in beside),
            *seen.sides[len(seen.documents) :],
        ]

    def _staged(self, seen: Seen, found: Sides, stat: Stat, changes: list[Change]) -> Prepared:
        media, after = seen.media, []
        if self.plan.inside:
            change, media = self._inside(seen, found, stat)
            changes += [change] if change else []
        for index, document in enumerate(seen.documents):
            current = seen.sides[index].properties
            change, properties = staged(self.exiftool, document, current, self._merge(found, index))
            changes += [change] if change else []
            after.append(Said(document.path, properties))
        if self.rules.transcript_vtt:
            change = caption_file(self.exiftool.scratch, self.asset, self.said)
            changes += [change] if change else []
        within = xmp(self.asset.path, media)
        told = [*after, within] if within.properties else after
        return Prepared(tuple(changes), record(self.asset, media, told), self.plan.notes)

    def _inside(self, seen: Seen, found: Sides, stat: Stat) -> tuple[Change | None, Properties]:
        index = len(seen.documents)
        said = without(self.said, _LONGEST) if self.plan.lean else self.said
        merge = self._merge(found, index, said)
        merge = with_iptc(merge, seen.media, found.iptc, said, self.asset.content)
        return embedded(self.exiftool, self.asset, stat, seen, merge)

    def _merge(self, found: Sides, index: int, said: Description | None = None) -> Wanted:
        side = found.said[index]
        return wanted(
            side.properties,
            found.behind(index),
            found.bases[index],
            said or self.said,
            self.asset.content,
            self.rules,
            inside=side.inside,
        )
