"""What models say of one asset, step by step: the questions, what they leave, the translations.

Like a journey it yields requests and gets their answers; it never waits and never decodes.
"""

import logging
from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from typing import Any

from daemon.config import Config
from daemon.engines.answers import Unusable, alt_of, sentiment_of, tags_of, text_of
from daemon.engines.choice import Choice
from daemon.questions import ASKED, Questions
from daemon.wire import (
    Consult,
    Consulted,
    Described,
    Render,
    Rendered,
    Reply,
    Request,
    Say,
    Sheets,
    Views,
)
from metadata.asset import Asset, AssetError, shown
from metadata.description import Description, Provenance, Stamp, Tag
from metadata.reasons import Reason
from metadata.translations import Translations

log = logging.getLogger(__name__)

ENGINE = "transformers"
ENGLISH = "en"
Consulting = Generator[Request, Any, Described]


class Models:
    """The models of this captiond, and what they are asked; *memory* has their translations."""

    def __init__(self, config: Config, choice: Choice, memory: Translations) -> None:
        self._config = config
        self._choice = choice
        self._memory = memory
        self._questions = Questions(config)

    def views(self, asset: Asset) -> Views | None:
        """Tell what the model for *asset* is to be shown; None where there is none."""
        viewer = self._choice.viewer(asset.kind)
        return Views(viewer.side, viewer.frames, viewer.remote) if viewer else None

    def said(self, asset: Asset, views: Sheets, said: Description, stamp: Stamp) -> Consulting:
        """Have *asset* described from its *views* and from what was measured and read."""
        viewer = self._choice.viewer(asset.kind)
        assert viewer is not None
        tasks = [task for task in ASKED if task in self._config.tasks and task in viewer.tasks]
        asked = self._questions.about(asset, said, tasks)
        # to ask nothing would load a model for it
        consulted: Consulted = (yield Consult(asset, views, asked)) if asked else Consulted((), {})
        said = self._believed(asset, said, consulted.replies, viewer.labels[0], stamp)
        rest = yield from self._rest(asset, said, stamp)
        rendered = yield from self._rendered(asset, rest.description, stamp)
        seconds = {**consulted.seconds, **rest.seconds, **rendered.seconds}
        return Described(rendered.description, seconds)

    def _believed(
        self,
        asset: Asset,
        said: Description,
        replies: Iterable[Reply],
        label: str,
        stamp: Stamp,
    ) -> Description:
        """Add what can be believed; without a caption there is no description."""
        prompts = dict(self._choice.prompts)
        for reply in replies:
            made = Provenance(ENGINE, label, prompts.get(reply.task), stamp.at, stamp.run)
            try:
                said = _WRITTEN[reply.task](said, reply)
            except Unusable as error:
                if reply.task == "caption":
                    raise AssetError(asset.path, Reason.NO_ANSWER, str(error)) from error
                log.warning("%s: %s; it is left out", shown(asset.path), error)
            else:
                said = replace(said, provenance={**said.provenance, reply.task: made})
        return _with_alt(said) if "alt" in self._config.tasks else said

    def _rest(self, asset: Asset, said: Description, stamp: Stamp) -> Consulting:
        """Leave to the builtin engine what this model is not made for."""
        viewer = self._choice.viewer(asset.kind)
        able = set(viewer.tasks) if viewer else set()
        left = tuple(task for task in ("tags", "sentiment") if task not in able)
        wanted = tuple(task for task in left if task in self._config.tasks)
        if not wanted:
            return Described(said, {})
        told: Described = yield Say(asset, said, wanted, (), stamp, self._choice.tentative)
        return told

    def _rendered(self, asset: Asset, said: Description, stamp: Stamp) -> Consulting:
        """Add the other languages; of keywords only those are asked that nobody remembers."""
        installed = self._choice.models.translation
        languages = tuple(lang for lang in self._choice.languages if lang != ENGLISH)
        if installed is None or not languages or "translate" not in self._config.tasks:
            return Described(said, {})
        names = [tag.name for tag in said.tags]
        known = self._memory.known(installed.label, names, languages)
        words = {name: _missing(languages, known.get(name, {})) for name in names}
        unknown = {word: left for word, left in words.items() if left}
        texts = tuple(_texts(said).values())
        rendered = Rendered((), {}, {})
        if texts or unknown:
            rendered = yield Render(asset, texts, unknown, languages)
        self._memory.learn(installed.label, rendered.words)
        made = Provenance(ENGINE, installed.label, None, stamp.at, stamp.run)
        translated = _translated(said, rendered, known)
        provenance = {**said.provenance, "translate": made}
        return Described(replace(translated, provenance=provenance), rendered.seconds)


def _captioned(said: Description, reply: Reply) -> Description:
    return replace(said, caption={ENGLISH: text_of(reply)})


def _alternative(said: Description, reply: Reply) -> Description:
    return replace(said, alt={ENGLISH: alt_of(text_of(reply))})


def _tagged(said: Description, reply: Reply) -> Description:
    return replace(said, tags=tuple(Tag(name, ENGINE) for name in tags_of(reply)))


def _judged(said: Description, reply: Reply) -> Description:
    return replace(said, sentiment=sentiment_of(reply))


_WRITTEN: dict[str, Callable[[Description, Reply], Description]] = {
    "caption": _captioned,
    "alt": _alternative,
    "tags": _tagged,
    "sentiment": _judged,
}


def _with_alt(said: Description) -> Description:
    """Take the alternative text from the caption where the model gave none."""
    if said.alt or not said.caption:
        return said
    provenance = {**said.provenance, "alt": said.provenance["caption"]}
    return replace(said, alt={ENGLISH: alt_of(said.caption[ENGLISH])}, provenance=provenance)


def _missing(languages: tuple[str, ...], known: dict[str, str]) -> tuple[str, ...]:
    return tuple(language for language in languages if language not in known)


def _texts(said: Description) -> dict[str, str]:
    """Give the English texts that are said in other languages, by field."""
    fields = {"caption": said.caption, "alt": said.alt, "analysis": said.sentiment.analysis}
    return {field: texts[ENGLISH] for field, texts in fields.items() if ENGLISH in texts}


def _translated(
    said: Description, rendered: Rendered, known: dict[str, dict[str, str]]
) -> Description:
    told = dict(zip(_texts(said), rendered.texts, strict=True))
    words = {
        tag.name: {**known.get(tag.name, {}), **rendered.words.get(tag.name, {})}
        for tag in said.tags
    }
    sentiment = replace(
        said.sentiment, analysis={**said.sentiment.analysis, **told.get("analysis", {})}
    )
    return replace(
        said,
        caption={**said.caption, **told.get("caption", {})},
        alt={**said.alt, **told.get("alt", {})},
        sentiment=sentiment,
        tags=tuple(
            replace(tag, translations={**tag.translations, **words[tag.name]}) for tag in said.tags
        ),
    )
