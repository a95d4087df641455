"""A description in other languages, step by step; words that were said before are remembered."""

from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import Any

from daemon.wire import Described, Render, Rendered, Request
from metadata.asset import Asset
from metadata.description import Description, Provenance, Tag
from metadata.translations import Translations

ENGLISH = "en"
TASK = "translate"
_TEXTS = ("caption", "alt", "summary", "creative")
_ANALYSIS = "analysis"
ByLanguage = Mapping[str, str]


class Translating:
    """A translation model by name, the *languages* wanted of it, and the *memory* of its words."""

    def __init__(self, model: str, languages: tuple[str, ...], memory: Translations) -> None:
        self._model = model
        self._languages = tuple(lang for lang in languages if lang != ENGLISH)
        self._memory = memory

    def said(
        self, asset: Asset, said: Description, made: Provenance
    ) -> Generator[Request, Any, Described]:
        """Add the other languages to what is *said* in English."""
        if not self._languages:
            return Described(said, {})
        names = [tag.name for tag in said.tags]
        known = self._memory.known(self._model, names, self._languages)
        missing = {name: self._missing(known.get(name, {})) for name in names}
        unknown = {name: left for name, left in missing.items() if left}
        texts = _in_english(said)
        rendered = Rendered((), {}, {})
        if texts or unknown:
            rendered = yield Render(asset, tuple(texts.values()), unknown, self._languages)
        made = replace(made, model=rendered.model or made.model)
        self._memory.learn(made.model, rendered.words)
        told = dict(zip(texts, rendered.texts, strict=True))
        words = {name: {**known.get(name, {}), **rendered.words.get(name, {})} for name in names}
        translated = _with_texts(said, told)
        return Described(
            replace(
                translated,
                tags=tuple(_with_words(tag, words[tag.name]) for tag in translated.tags),
                provenance={**said.provenance, TASK: made},
            ),
            rendered.seconds,
            tokens=rendered.tokens,
        )

    def _missing(self, known: ByLanguage) -> tuple[str, ...]:
        return tuple(language for language in self._languages if language not in known)


def _in_english(said: Description) -> dict[str, str]:
    """Give the texts that are said in other languages, by field."""
    fields = {name: getattr(said, name) for name in _TEXTS}
    fields[_ANALYSIS] = said.sentiment.analysis
    return {name: texts[ENGLISH] for name, texts in fields.items() if ENGLISH in texts}


def _with_texts(said: Description, told: Mapping[str, ByLanguage]) -> Description:
    analysis = {**said.sentiment.analysis, **told.get(_ANALYSIS, {})}
    texts: dict[str, Any] = {name: {**getattr(said, name), **told.get(name, {})} for name in _TEXTS}
    return replace(said, sentiment=replace(said.sentiment, analysis=analysis), **texts)


def _with_words(tag: Tag, words: ByLanguage) -> Tag:
    return replace(tag, translations={**tag.translations, **words})
