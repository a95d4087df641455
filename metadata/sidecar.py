"""What is known of a media file: read it from its files, and prepare what they are to say.

Nothing here changes a file that others see; what does is ``place``, which is offered here too.
"""

from metadata.asset import Asset
from metadata.beside import existing_sidecars, new_sidecar
from metadata.change import Change, Ours, Prepared, Rules, Write
from metadata.description import Description, Record
from metadata.exiftool import ExifTool
from metadata.fields import writable
from metadata.look import Seen, look
from metadata.merge import Wanted, base_of, wanted
from metadata.place import place, sweep
from metadata.record import Said, behind_others, record
from metadata.stage import applied, staged
from metadata.strip import strip
from metadata.subtitled import caption_file

__all__ = ["place", "prepare", "read", "strip", "sweep"]


def read(exiftool: ExifTool, asset: Asset, rules: Rules) -> Record:
    """Read everything known of *asset* from the media file and its sidecars.

    Raises AssetError: SIDECAR_INVALID, BUSY, or what keeps a file from being read.
    """
    seen = look(exiftool, asset, existing_sidecars(asset.path))
    return record(asset, seen.media, seen.sides)


def prepare(
    exiftool: ExifTool, asset: Asset, description: Description, rules: Rules, base: Ours
) -> Prepared:
    """Merge *description* into the sidecars of *asset*, as private files that can be placed.

    *base* is what the journal says captiond wrote, for a sidecar that does not tell itself. There
    is no change where nothing would be different. Raises AssetError as ``read`` does, and
    SIDECAR_INVALID for a sidecar that could not be changed without harm.
    """
    paths = existing_sidecars(asset.path) or (new_sidecar(asset.path, rules.sidecar_name),)
    seen = look(exiftool, asset, paths)
    merges = _merges(seen, asset, description, rules, base)
    if rules.write is Write.NONE:
        sides = [
            Said(None, applied(s.properties, m)) for s, m in zip(seen.sides, merges, strict=True)
        ]
        return Prepared((), record(asset, seen.media, sides))
    changes: list[Change] = []
    after: list[Said] = []
    for document, side, merge in zip(seen.documents, seen.sides, merges, strict=True):
        change, properties = staged(exiftool, document, side.properties, merge)
        changes += [change] if change else []
        after.append(Said(side.path, properties))
    if rules.transcript_vtt:
        change = caption_file(exiftool.scratch, asset, writable(description))
        changes += [change] if change else []
    return Prepared(tuple(changes), record(asset, seen.media, after))


def _merges(
    seen: Seen, asset: Asset, description: Description, rules: Rules, journal: Ours
) -> list[Wanted]:
    said = writable(description)
    bases = [base_of(side.properties, journal) for side in seen.sides]
    return [
        wanted(
            side.properties,
            behind_others(seen.media, seen.sides, bases, index),
            bases[index],
            said,
            asset.content,
            rules,
        )
        for index, side in enumerate(seen.sides)
    ]
