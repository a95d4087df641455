"""The table: which property of a file holds which value of a description, both ways. Pure.

Names are ExifTool's, ``GROUP:Name``; one of a set of languages is ``GROUP:Name-LANG``. The values
of captiond's own namespace are in ``metadata.mirror``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from metadata.description import HUMAN, UNKNOWN_LANGUAGE, Description, Spoken, Tag
from metadata.spelling import alternative_text, canonical, clean, keyword, same

Value: TypeAlias = str | list["Value"] | dict[str, "Value"]
Properties: TypeAlias = dict[str, Value]

DESCRIPTION = "XMP-dc:Description"
IMAGE_DESCRIPTION = "XMP-tiff:ImageDescription"
CAPTION_WRITER = "XMP-photoshop:CaptionWriter"
EXTENDED = "XMP-iptcCore:ExtDescrAccessibility"
ALT_TEXT = "XMP-iptcCore:AltTextAccessibility"
TRANSCRIPT = "XMP-iptcExt:Transcript"
USER_COMMENT = "XMP-exif:UserComment"
SUBJECT = "XMP-dc:Subject"
HIERARCHY = "XMP-lr:HierarchicalSubject"
TAGS_LIST = "XMP-digiKam:TagsList"
IPTC_KEYWORDS = "IPTC:Keywords"
IPTC_CAPTION = "IPTC:Caption-Abstract"
EXIF_CAPTION = "IFD0:ImageDescription"
CREATOR = "XMP-dc:Creator"
IPTC_AUTHOR = "IPTC:By-line"
IPTC_DIGEST = "Photoshop:IPTCDigest"
TOOLKIT = "XMP-x:XMPToolkit"
PACKET = "XMP:XMP"
FILE_TYPE = "File:FileType"
OURS = "XMP-captiond:"

# Readers let one of these hide the others, so every word goes into all; with what parts a path.
KEYWORDS = {SUBJECT: "", HIERARCHY: "|", TAGS_LIST: "/"}
READ_TAGS = ("-XMP:all", "-IPTC:all", f"-{EXIF_CAPTION}", f"-{IPTC_DIGEST}")
# The whole packet as well, as it is spelled; and what tells that ExifTool gave an answer at all.
INSIDE_TAGS = (*READ_TAGS, "-XMP", f"-{FILE_TYPE}")
_OURS_IN_LANGUAGES = ("Caption", "Alt", "Summary", "Creative", "SentimentAnalysis")
_IN_LANGUAGES = {
    *(DESCRIPTION, IMAGE_DESCRIPTION, EXTENDED, ALT_TEXT, TRANSCRIPT, USER_COMMENT),
    *(OURS + name for name in _OURS_IN_LANGUAGES),
}
ENGLISH = "en"
_MOST_AUTHORS, _LONGEST_NAME = 10, 100


def normal(properties: Properties) -> Properties:
    """Spell names as captiond writes them: languages canonical, x-default said aloud.

    ExifTool gives one IPTC keyword as a plain value; here it is a list of one.
    """
    spelled = {
        _name(name): _struct(value) if name.startswith(OURS) else value
        for name, value in properties.items()
    }
    if isinstance(spelled.get(IPTC_KEYWORDS), str):
        spelled[IPTC_KEYWORDS] = [spelled[IPTC_KEYWORDS]]
    return spelled


def words(properties: Properties, name: str) -> list[str]:
    """List the words of a keyword property; a list of one may read as a plain value."""
    value = properties.get(name, [])
    found = value if isinstance(value, list) else [value]
    return [word for word in found if isinstance(word, str) and word.strip()]


def author(properties: Properties) -> str | None:
    """Name who made the picture, several with commas; None where nobody is named."""
    names = words(properties, CREATOR) or words(properties, IPTC_AUTHOR)
    return ", ".join(name.strip()[:_LONGEST_NAME] for name in names[:_MOST_AUTHORS]) or None


def texts(properties: Properties, name: str) -> dict[str, str]:
    """Give what a property of normal spelling says, by language."""
    start = f"{name}-"
    return {
        key[len(start) :]: value
        for key, value in properties.items()
        if key.startswith(start) and isinstance(value, str) and value
        if canonical(key[len(start) :])
    }


def text(properties: Properties, name: str) -> str | None:
    """Give the text of a property that stands for all its languages; None when it is blank."""
    said = texts(properties, name)
    chosen = said.get(UNKNOWN_LANGUAGE) or default(said) or properties.get(name)
    return chosen if isinstance(chosen, str) and chosen.strip() else None


def default(alternatives: Mapping[str, str]) -> str | None:
    """Choose the text that stands for all languages: English, else the first by name."""
    if not alternatives:
        return None
    return alternatives.get(ENGLISH) or alternatives[min(alternatives)]


def standard(said: Description) -> dict[str, dict[str, str]]:
    """Give the properties of other namespaces that repeat a description, by language.

    The caption itself and the keywords are not among them: they are merged with human ones.
    """
    spoken = _spoken(said.transcript)
    return {
        EXTENDED: _with_default(said.caption),
        ALT_TEXT: _with_default(said.alt),
        TRANSCRIPT: _with_default(spoken),
    }


def writable(said: Description) -> Description:
    """Keep of a description what may be written: ours, spelled to fit, nothing empty."""
    return replace(
        said,
        caption=_texts(said.caption),
        alt={lang: alternative_text(text) for lang, text in _texts(said.alt).items()},
        summary=_texts(said.summary),
        creative=_texts(said.creative),
        tags=_tags(said.tags),
        sentiment=replace(said.sentiment, analysis=_texts(said.sentiment.analysis)),
        text=tuple(replace(t, text=clean(t.text)) for t in said.text if clean(t.text)),
        transcript=tuple(replace(s, text=clean(s.text)) for s in said.transcript if clean(s.text)),
        provenance={k: made for k, made in said.provenance.items() if made.engine != HUMAN},
    )


def _name(name: str) -> str:
    group, _, rest = name.partition(":")
    name_alone, _, language = rest.partition("-")
    base = f"{group}:{name_alone}"
    if base not in _IN_LANGUAGES:
        return name
    return f"{base}-{canonical(language or UNKNOWN_LANGUAGE) or language}"


def _struct(value: Value) -> Value:
    """Undo the capital that ExifTool gives to the names inside a structure."""
    if isinstance(value, list):
        return [_struct(each) for each in value]
    if isinstance(value, dict):
        return {_part(name): _struct(each) for name, each in value.items()}
    return value


def _part(name: str) -> str:
    base, dash, language = (name[:1].lower() + name[1:]).partition("-")
    return f"{base}-{canonical(language) or language}" if dash else base


def _with_default(alternatives: Mapping[str, str]) -> dict[str, str]:
    chosen = default(alternatives)
    return {} if chosen is None else {UNKNOWN_LANGUAGE: chosen, **alternatives}


def _spoken(transcript: Iterable[Spoken]) -> dict[str, str]:
    joined: dict[str, list[str]] = {}
    for each in transcript:
        joined.setdefault(canonical(each.lang or "") or "und", []).append(each.text)
    return {language: "\n".join(lines) for language, lines in joined.items()}


def _texts(alternatives: Mapping[str, str]) -> dict[str, str]:
    cleaned = {lang: clean(text) for lang, text in alternatives.items()}
    return {
        _checked(language): text
        for language, text in cleaned.items()
        if text.strip() and language != UNKNOWN_LANGUAGE
    }


def _checked(language: str) -> str:
    spelled = canonical(language)
    if spelled is None:
        raise ValueError(f"{language!r} is no BCP 47 language tag")
    return spelled


def _tags(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    kept: dict[str, Tag] = {}
    for tag in tags:
        name = keyword(tag.name)
        if name and tag.source != HUMAN:
            above = tuple(filter(None, map(keyword, tag.above)))
            fitting = replace(tag, name=name, translations=_texts(tag.translations), above=above)
            kept.setdefault(same(name), fitting)
    return tuple(kept.values())
