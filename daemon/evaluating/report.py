"""Each engine on the same labelled files, one after the other: a row of figures, or why not."""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from daemon.config import Config
from daemon.engines import EngineError
from daemon.evaluating.contenders import Contender
from daemon.evaluating.labels import Label
from daemon.evaluating.running import Ran, run, trial
from daemon.evaluating.scores import Score, score
from daemon.reach import Reach
from daemon.toml_keys import ConfigError
from metadata.asset import shown
from metadata.reasons import Reason

_UNKNOWN = ("tags", "caption", "manner", "seconds", "tokens")


def report(
    contender: Contender,
    folder: Path,
    labels: Sequence[Label],
    most_words: int,
    progress: Callable[[int], None],
) -> dict[str, Any]:
    """Run one engine and give its row; *why* says why it could not run, else it is None.

    Raises Spare where the engine has a row already.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="captiond-eval-") as state:
            config = trial(contender.config, folder, Path(state), labels)
            ran = run(config, labels, progress, contender.spare)
    except (EngineError, ConfigError) as error:
        about = {"name": contender.name, "engine": None, "model": None, "temperature": None}
        return {**about, **_nothing(str(error))}
    if not ran.answers and (down := _down(ran)):
        return {**_about(contender, ran), **_nothing(down)}
    return {**_about(contender, ran), "why": None, **_figures(ran, score(ran.answers, most_words))}


def _down(ran: Ran) -> str | None:
    """Say why the engine described nothing, where it is at fault and not the files."""
    down = [each.detail for each in ran.failed if each.reason is Reason.ENGINE_DOWN]
    return down[0] if len(down) == len(ran.failed) and down else None


def _nothing(why: str) -> dict[str, Any]:
    return {"why": why, "files": 0, "failed": [], **dict.fromkeys(_UNKNOWN)}


def _about(contender: Contender, ran: Ran) -> dict[str, Any]:
    models = Counter(
        made.model for a in ran.answers if (made := a.said.provenance.get("caption")) is not None
    )
    asked = ran.choice.name != "builtin"
    return {
        "name": contender.name,
        "engine": ran.choice.name,
        "model": ", ".join(model for model, _ in models.most_common()) or ran.choice.model,
        "temperature": ran.temperature if asked else None,
    }


def _figures(ran: Ran, judged: Score) -> dict[str, Any]:
    files, tags, tokens = len(ran.answers), judged.tags, ran.tokens
    return {
        "files": files,
        "failed": [
            {"path": shown(each.path), "reason": each.reason.code, "detail": each.detail}
            for each in ran.failed
        ],
        "tags": {**asdict(tags), "precision": tags.precision, "recall": tags.recall, "f1": tags.f1},
        "caption": asdict(judged.caption),
        "manner": asdict(judged.manner),
        "seconds": {
            "wall": ran.wall_s,
            "wall_per_file": ran.wall_s / files if files else None,
            "stages": dict(sorted(ran.seconds.items())),
        },
        "tokens": tokens and asdict(tokens),
    }


def left_out(config: Config, folder: Path, labels: Sequence[Label]) -> int:
    """Count the files of *folder* that nobody labelled."""
    media = set(Reach(config).media([folder]).media)
    return len(media - {label.path for label in labels})
