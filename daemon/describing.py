"""How an asset comes to its description, step by step: it is looked at, read, heard, asked about.

Like a journey, whose part this is, it yields requests for workers and gets their answers.
"""

import logging
from collections.abc import Generator
from pathlib import Path
from typing import Any

from daemon.config import Config
from daemon.consulting import Models
from daemon.context import Known, recalled
from daemon.engines import EngineMissing
from daemon.engines.choice import Choice
from daemon.handed import checked, is_handed
from daemon.hearing import heard, may_speak
from daemon.questions import vocabulary_of
from daemon.wire import Described, Observe, Read, ReadText, Request, Say, Sheets
from metadata.asset import Asset, AssetError, MediaKind, shown
from metadata.description import Description, Record, Stamp
from metadata.translations import Translations

log = logging.getLogger(__name__)

Steps = Generator[Request, Any, Described]


class Describing:
    """The ways to a description with the engine that was chosen."""

    def __init__(self, config: Config, choice: Choice, memory: Translations) -> None:
        self._config = config
        self._choice = choice
        self._models = _models(config, choice, memory)

    def steps(self, asset: Asset, stamp: Stamp) -> Steps:
        """Have *asset* looked at, read, heard and put into words; gives what is said of it."""
        choice = self._choice
        wanted = self._models.views(asset) if self._models else None
        # Beside a model, what is to be read in a picture is read where that is asked for.
        codes = wanted is None or "text" in self._config.tasks
        seen: Described = yield Observe(
            asset, stamp, self._config.max_pixels, choice.tentative, choice.reads, wanted, codes
        )
        views = checked(asset, seen.views, self._config.scratch)
        try:
            read = yield from self._read_text(asset, seen, stamp)
            spoken = yield from self._heard(asset, read.description, stamp)
            said = yield from self._said(asset, views, spoken.description, stamp)
        finally:
            if views:
                views.path.unlink(missing_ok=True)
        seconds = {**seen.seconds, **read.seconds, **spoken.seconds, **said.seconds}
        return Described(said.description, seconds, tokens=said.tokens)

    def _heard(self, asset: Asset, said: Description, stamp: Stamp) -> Steps:
        """Have written down what is said in a video, by a model where there is one for it."""
        speech = self._choice.models.speech
        if speech is None or "speech" not in self._config.tasks or not may_speak(asset, said):
            return Described(said, {})
        return (yield from heard(asset, said, speech, stamp, self._is_handed))

    def _said(self, asset: Asset, views: Sheets | None, said: Description, stamp: Stamp) -> Steps:
        """Have it put into words, by a model where there is one."""
        if self._models and views:
            known = yield from self._known(asset, said)
            return (yield from self._models.said(known, views, stamp))
        choice = self._choice
        # beside models, languages are theirs
        languages = () if self._models else choice.languages
        worded: Described = yield Say(
            asset, said, self._config.tasks, languages, stamp, choice.tentative
        )
        return worded

    def _known(self, asset: Asset, said: Description) -> Generator[Request, Any, Known]:
        """Add what a human wrote about *asset*; where it cannot be read it is not told."""
        if not self._config.engine.owner_words:
            return recalled(Record(asset, Description()), said, owner=False)
        try:
            record: Record = yield Read(asset, self._config.rules_for(asset.path))
        except AssetError as error:
            log.info("%s; asked about without what is written in it", error)
            record = Record(asset, Description())
        return recalled(record, said)

    def _is_handed(self, path: Path) -> bool:
        return is_handed(path, self._config.scratch)

    def _read_text(self, asset: Asset, seen: Described, stamp: Stamp) -> Steps:
        """Have the texts read; where that is impossible the rest is said without them."""
        sheets = checked(asset, seen.sheets, self._config.scratch)
        if sheets is None or not self._choice.reads:
            return seen
        try:
            read: Described = yield ReadText(
                asset, seen.description, sheets, stamp, self._choice.tentative
            )
        except (EngineMissing, AssetError) as error:
            log.warning("%s: the texts in it are not looked for: %s", shown(asset.path), error)
            return seen
        finally:
            sheets.path.unlink(missing_ok=True)
        return read


def _models(config: Config, choice: Choice, memory: Translations) -> Models | None:
    """Give what is asked about pictures; None where the builtin engine looks at all of them."""
    if choice.viewer(MediaKind.IMAGE) is None:
        return None
    return Models(config, choice, memory, vocabulary_of(config))
