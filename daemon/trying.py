"""One prompt is asked about one file, and the answer told: nothing is written or remembered.

The journey takes the way of a description as far as the question, but reads no texts and hears no
speech: of these it knows what captiond wrote beside the file before.
"""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from daemon.believing import Grounds, Unusable, believed
from daemon.config import Config
from daemon.consulting import HERE, SERVED, SUMMARY
from daemon.context import Known, recalled
from daemon.engines import EngineMissing
from daemon.engines.choice import Choice, Viewer
from daemon.handed import checked
from daemon.questions import Asking, only_words, vocabulary_of
from daemon.toml_keys import ConfigError
from daemon.wire import (
    Consult,
    Consulted,
    Described,
    Identify,
    Observe,
    Question,
    Read,
    Reply,
    Request,
    Views,
)
from metadata.asset import Asset, MediaKind, shown
from metadata.description import Description, Record, Stamp

Steps = Generator[Request, Any, dict[str, Any]]

_UNKEPT = Stamp("", "")
"""What is made here ends here."""


class Trying:
    """One prompt, ready to be asked.

    Raises ConfigError where it cannot be used, EngineMissing where there is no model to ask.
    """

    def __init__(self, config: Config, choice: Choice, name: str) -> None:
        self._config = config
        self._choice = choice
        self._asking = Asking(config, only_words(config))
        self._prompt = self._asking.prompt(name)
        if choice.viewer(MediaKind.IMAGE) is None:
            raise EngineMissing(
                f"there is no model to ask: the engine is {choice.name} ({choice.why}); "
                "`captiond doctor` tells what another one needs"
            )

    def steps(self, path: Path) -> Steps:
        """Ask about the file at *path*; gives the answer as ``captiond prompts try`` prints it."""
        asset: Asset = yield Identify(path, self._config.max_pixels)
        viewer = self._viewer(asset)
        seen: Described = yield Observe(
            asset,
            _UNKEPT,
            self._config.max_pixels,
            self._choice.tentative,
            views=Views(viewer.side, viewer.frames, viewer.remote),
        )
        views = checked(asset, seen.views, self._config.scratch)
        try:
            record: Record = yield Read(asset, self._config.rules_for(path))
            known = self._known(record, seen.description)
            question = self._asking.about(self._prompt, known)
            in_words = question.task == SUMMARY and not viewer.remote
            asked = Consult(asset, None if in_words else views, (question,))
            consulted: Consulted = yield asked
        finally:
            if views:
                views.path.unlink(missing_ok=True)
        return self._told(viewer, known, question, consulted)

    def _viewer(self, asset: Asset) -> Viewer:
        """Tell who is asked; raises ConfigError where this prompt is nothing for the file."""
        viewer = self._choice.viewer(asset.kind)
        assert viewer is not None
        if asset.kind not in self._prompt.kinds:
            kinds = " and ".join(self._prompt.kinds)
            raise ConfigError(f"{shown(asset.path)}: {self._prompt.name} is for {kinds} only")
        if self._prompt.task not in viewer.tasks:
            tasks = ", ".join(viewer.tasks)
            raise ConfigError(f"{viewer.labels[0]} can only be asked for {tasks}")
        return viewer

    def _known(self, record: Record, seen: Description) -> Known:
        """Add to what was *seen* now the words that were found in the file before."""
        before = record.description
        said = replace(seen, text=before.text, transcript=before.transcript)
        if self._prompt.task == SUMMARY:
            said = replace(said, caption=before.caption)
        return recalled(record, said, self._config.engine.owner_words)

    def _told(
        self, viewer: Viewer, known: Known, question: Question, consulted: Consulted
    ) -> dict[str, Any]:
        (reply,) = consulted.replies
        tokens = consulted.tokens
        values, error = self._believed(known, question, reply, SERVED if viewer.remote else HERE)
        return {
            "path": shown(known.asset.path),
            "prompt": self._prompt.version,
            "task": question.task,
            "model": consulted.model or viewer.labels[0],
            "asked": question.whole,
            "max_tokens": question.max_tokens,
            "reply": reply.text,
            "whole": reply.whole,
            "tokens": tokens and {"prompt": tokens.prompt, "completion": tokens.completion},
            "seconds": consulted.seconds,
            "believed": values,
            "error": error,
        }

    def _believed(
        self, known: Known, question: Question, reply: Reply, engine: str
    ) -> tuple[dict[str, Any] | None, str | None]:
        """Tell which values the answer would give a description, or why none."""
        config = self._config
        vocabulary, only = vocabulary_of(config), config.vocabulary_mode == "only"
        spoken = bool(known.said.transcript)
        grounds = Grounds(question, known.asset.kind, spoken, vocabulary, only)
        bare = Description()
        try:
            said = believed(bare, reply, grounds, engine)
        except Unusable as error:
            return None, str(error)
        plain, before = _plain(said), _plain(bare)
        return {name: value for name, value in plain.items() if value != before[name]}, None


def _plain(said: Description) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(said))
    return plain
