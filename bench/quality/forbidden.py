"""Look for words that the builtin engine must never say of a picture, in every language.

Objects, people, faces, animals, scenes, feelings, music: a sentence that holds one of them claims
what nobody measured. What is quoted from the picture and what things call themselves (towns,
cameras, lenses) is no claim, and is left out.
"""

import re
from collections.abc import Iterator
from importlib import resources

from metadata.asset import Asset
from metadata.description import Description

_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|„[^“]*“|「[^」]*」|『[^』]*』|\"[^\"]*\"")
_WHOLE_WORDS = frozenset({"en", "es", "fr", "de", "it", "pt"})


def words() -> dict[str, tuple[str, ...]]:
    """Read the forbidden words of each language."""
    table = resources.files(__package__).joinpath("forbidden.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {language: tuple(listed.split()) for language, listed in rows}


def found(asset: Asset, said: Description, listed: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """List what is claimed in *said* although it must not be, as ``language: word in text``."""
    for language, text in _texts(said):
        bare = _bare(text, asset, said)
        for word in listed.get(language.split("-")[0], ()):
            if _holds(bare, word, language):
                yield f"{language}: {word} in {text!r}"


def _texts(said: Description) -> Iterator[tuple[str, str]]:
    yield from said.caption.items()
    yield from said.alt.items()
    for tag in said.tags:
        yield "en", tag.name
        yield from tag.translations.items()


def _bare(text: str, asset: Asset, said: Description) -> str:
    bare = _QUOTED.sub(" ", text)
    names = [fact.value for fact in said.look.facts if fact.name in ("place", "lens")]
    for name in (*names, asset.camera, asset.lens, *(code.value for code in said.codes)):
        bare = bare.replace(str(name), " ") if name else bare
    return bare.casefold()


def _holds(text: str, word: str, language: str) -> bool:
    if language.split("-")[0] in _WHOLE_WORDS:
        return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
    if language == "hi":  # vowel signs are no word characters for re
        return re.search(rf"(?<![ऀ-ॿ]){word}(?![ऀ-ॿ])", text) is not None
    return word in text
