"""Take exactly what is ours out of a sidecar again, all of it or some of its fields."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from metadata.asset import Asset
from metadata.beside import captions_of, existing_sidecars
from metadata.change import Ours, Prepared, Rules
from metadata.description import Description, Look, Sentiment
from metadata.exiftool import ExifTool
from metadata.fields import ENGLISH
from metadata.look import look
from metadata.merge import base_of, nothing_of_ours, wanted
from metadata.record import Said, behind_others, record
from metadata.stage import staged
from metadata.subtitled import without_captions

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

    *fields* are names of tasks, or look, codes, transcript; none means all. What a human or
    another program wrote stays; a sidecar that then holds nothing goes. Raises AssetError as
    ``sidecar.read`` does.
    """
    if target == captions_of(asset.path):
        return _without_captions(exiftool, asset, target, fields)
    others = [path for path in existing_sidecars(asset.path) if path != target]
    seen = look(exiftool, asset, [target, *others])
    current = seen.sides[0].properties
    if not current:
        return Prepared((), record(asset, seen.media, seen.sides[1:]))
    bases = [base_of(side.properties, base) for side in seen.sides]
    said = without(bases[0].said, fields) if fields else Description()
    copies = {"caption", "tags"}.difference(fields) if fields else ()
    behind = behind_others(seen.media, seen.sides, bases, 0)
    merge = wanted(current, behind, bases[0], said, asset.content, rules, copies)
    merge = merge if fields else nothing_of_ours(merge)
    change, after = staged(exiftool, seen.documents[0], current, merge)
    sides = (Said(target, after), *seen.sides[1:])
    return Prepared((change,) if change else (), record(asset, seen.media, sides))


def _without_captions(
    exiftool: ExifTool, asset: Asset, target: Path, fields: tuple[str, ...]
) -> Prepared:
    seen = look(exiftool, asset, existing_sidecars(asset.path))
    change = without_captions(target) if not fields or _HEARD.intersection(fields) else None
    return Prepared((change,) if change else (), record(asset, seen.media, seen.sides))


def without(said: Description, fields: Iterable[str]) -> Description:
    """Leave *fields* out of a description, and that they were ever looked for."""
    for name in fields:
        said = _WITHOUT[name](said) if name in _WITHOUT else said
    kept = {field: made for field, made in said.provenance.items() if field not in fields}
    return replace(said, provenance=kept)


def _untranslated(said: Description) -> Description:
    return replace(
        said,
        caption=_original(said.caption),
        alt=_original(said.alt),
        summary=_original(said.summary),
        creative=_original(said.creative),
        tags=tuple(replace(tag, translations={}) for tag in said.tags),
        sentiment=replace(said.sentiment, analysis=_original(said.sentiment.analysis)),
    )


def _original(alternatives: dict[str, str]) -> dict[str, str]:
    return {language: text for language, text in alternatives.items() if language == ENGLISH}


_WITHOUT: Mapping[str, Callable[[Description], Description]] = {
    "caption": lambda said: replace(said, caption={}),
    "alt": lambda said: replace(said, alt={}),
    "summary": lambda said: replace(said, summary={}),
    "creative": lambda said: replace(said, creative={}),
    "tags": lambda said: replace(said, tags=()),
    "sentiment": lambda said: replace(said, sentiment=Sentiment()),
    "text": lambda said: replace(said, text=()),
    "codes": lambda said: replace(said, codes=()),
    "transcript": lambda said: replace(said, transcript=()),
    "speech": lambda said: replace(said, transcript=()),
    "look": lambda said: replace(said, look=Look(), video=None),
    "translate": _untranslated,
}
