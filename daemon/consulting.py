"""What models say of one asset, step by step: questions, answers to be believed, translations.

Like a journey it yields requests and gets their answers; it never waits and never decodes.
"""

import logging
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from msgspec.structs import replace as altered

from daemon.believing import Grounds, Unusable, believed, with_alt
from daemon.config import Config
from daemon.context import Known
from daemon.engines import EngineError, EngineMissing
from daemon.engines.choice import Choice, Viewer
from daemon.engines.profiles import PROMPTED
from daemon.questions import Questions
from daemon.translating import Translating
from daemon.wire import Consult, Consulted, Described, Question, Request, Say, Sheets, Views
from metadata.asset import Asset, AssetError, shown
from metadata.description import Description, Provenance, Stamp
from metadata.reasons import Reason
from metadata.stats import Tokens, total
from metadata.translations import Translations
from metadata.vocabulary import Vocabulary

log = logging.getLogger(__name__)

HERE, SERVED = "transformers", "openai"
"""The engines that models belong to: those that run here, and those on servers."""
SUMMARY = "summary"
"""Asked of a model here after the others, in words alone, since it joins what they answered."""
MOST_UNTRANSLATED = 200
"""So many answers are kept while nothing can translate them; more than are ever under way."""
_LEFT = ("tags", "sentiment")
"""What the builtin engine says where a model is not made for it."""
Consulting = Generator[Request, Any, Described]


@dataclass(slots=True)
class _Round:
    """One asset being asked about: what is said so far, and what that cost."""

    said: Description
    failed: dict[str, str]
    seconds: dict[str, float]
    tokens: Tokens | None = None

    def cost(self, seconds: dict[str, float], tokens: Tokens | None) -> None:
        for stage, took in seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + took
        self.tokens = total((self.tokens, tokens))


class Models:
    """The models of this captiond, and what they are asked; *memory* has their translations."""

    def __init__(
        self,
        config: Config,
        choice: Choice,
        memory: Translations,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        self._config = config
        self._choice = choice
        self._memory = memory
        self._vocabulary = vocabulary
        self._only = config.vocabulary_mode == "only"
        words = vocabulary.words if vocabulary and self._only else ()
        self._questions = Questions(config, words)
        self._prompts = dict(choice.prompts)
        self._untranslated: dict[tuple[Path, str], _Round] = {}

    def views(self, asset: Asset) -> Views | None:
        """Tell what the model for *asset* is to be shown; None where there is none."""
        viewer = self._choice.viewer(asset.kind)
        return Views(viewer.side, viewer.frames, viewer.remote) if viewer else None

    def said(self, known: Known, views: Sheets, stamp: Stamp) -> Consulting:
        """Have an asset described from its *views* and from what is *known* of it."""
        place = (known.asset.path, known.asset.content)
        asked = self._untranslated.pop(place, None)
        if asked is None:
            asked = yield from self._answered(known, views, stamp)
        try:
            yield from self._rendered(asked, known.asset, stamp)
        except EngineError:
            self._keep(place, asked)
            raise
        return Described(asked.said, asked.seconds, tokens=asked.tokens)

    def _keep(self, place: tuple[Path, str], asked: _Round) -> None:
        """Keep what was answered until it can be translated: answers may have cost money."""
        self._untranslated[place] = asked
        if len(self._untranslated) > MOST_UNTRANSLATED:
            del self._untranslated[next(iter(self._untranslated))]

    def _answered(
        self, known: Known, views: Sheets, stamp: Stamp
    ) -> Generator[Request, Any, _Round]:
        """Ask everything, and add what the builtin engine says in place of the model."""
        viewer = self._choice.viewer(known.asset.kind)
        assert viewer is not None
        asked = _Round(known.said, {}, {})
        tasks = [task for task in PROMPTED if task in self._config.tasks and task in viewer.tasks]
        later = [] if viewer.remote else [task for task in tasks if task == SUMMARY]
        first = [task for task in tasks if task not in later]
        yield from self._asked(asked, known, views, first, stamp)
        yield from self._asked(asked, known, None, later, stamp)
        if "alt" in self._config.tasks:
            asked.said = with_alt(asked.said)
        yield from self._rest(asked, known.asset, viewer, stamp)
        return asked

    def _asked(
        self,
        asked: _Round,
        known: Known,
        views: Sheets | None,
        tasks: Sequence[str],
        stamp: Stamp,
    ) -> Generator[Request, Any, None]:
        """Put *tasks* to the model, and once more what could not be believed at first."""
        if not tasks:
            return
        known = replace(known, said=asked.said)
        questions = self._questions.about(known, tasks)
        for again in (False, True):
            # to ask nothing would load a model for it
            if questions:
                consulted = yield Consult(known.asset, views, questions, again)
                self._take_in(asked, known, questions, consulted, stamp)
            questions = tuple(
                _once_more(q, asked.failed) for q in questions if q.task in asked.failed
            )
        self._give_up(asked, known.asset)

    def _take_in(
        self,
        asked: _Round,
        known: Known,
        questions: Iterable[Question],
        consulted: Consulted,
        stamp: Stamp,
    ) -> None:
        """Add what can be believed, and note what cannot, and why."""
        viewer = self._choice.viewer(known.asset.kind)
        assert viewer is not None
        engine = SERVED if viewer.remote else HERE
        model = consulted.model or viewer.labels[0]
        asked.cost(consulted.seconds, consulted.tokens)
        for question, reply in zip(questions, consulted.replies, strict=True):
            made = Provenance(engine, model, self._prompts.get(reply.task), stamp.at, stamp.run)
            spoken = bool(known.said.transcript)
            grounds = Grounds(question, known.asset.kind, spoken, self._vocabulary, self._only)
            try:
                said = believed(asked.said, reply, grounds, engine)
            except Unusable as error:
                log.info("%s: %s", shown(known.asset.path), error)
                asked.failed[reply.task] = str(error)
            else:
                asked.failed.pop(reply.task, None)
                asked.said = replace(said, provenance={**said.provenance, reply.task: made})

    def _give_up(self, asked: _Round, asset: Asset) -> None:
        """Say what is left out; without a caption there is no description."""
        for task, why in asked.failed.items():
            if task == "caption":
                raise AssetError(asset.path, Reason.NO_ANSWER, f"asked twice: {why}")
            log.warning("%s: asked twice, and %s; %s is left out", shown(asset.path), why, task)
        asked.failed.clear()

    def _rest(
        self, asked: _Round, asset: Asset, viewer: Viewer, stamp: Stamp
    ) -> Generator[Request, Any, None]:
        """Leave to the builtin engine what this model is not made for."""
        left = tuple(task for task in _LEFT if task not in viewer.tasks)
        wanted = tuple(task for task in left if task in self._config.tasks)
        if wanted:
            told: Described = yield Say(
                asset, asked.said, wanted, (), stamp, self._choice.tentative
            )
            asked.said = told.description
            asked.cost(told.seconds, None)

    def _rendered(self, asked: _Round, asset: Asset, stamp: Stamp) -> Generator[Request, Any, None]:
        """Add the other languages, where something translates."""
        model = self._choice.translator
        if model is None or "translate" not in self._config.tasks:
            return
        engine = HERE if self._choice.models.translation else SERVED
        made = Provenance(engine, model, None, stamp.at, stamp.run)
        translating = Translating(model, self._choice.languages, self._memory)
        try:
            rendered = yield from translating.said(asset, asked.said, made)
        except EngineMissing as error:
            # `redo --stale` finds it once there is something that translates
            log.warning("%s: not translated: %s", shown(asset.path), error)
            return
        asked.said = rendered.description
        asked.cost(rendered.seconds, rendered.tokens)


def _once_more(question: Question, failed: dict[str, str]) -> Question:
    """Tell a model what was wrong with its first answer."""
    told = f"Your last answer could not be used: {failed[question.task]}. Answer again as asked."
    return altered(question, text=f"{question.text}\n\n{told}")
