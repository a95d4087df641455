"""The whole course: captiond as a user runs it, a human in between, and undo; what came of it."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from daemon.control import ask
from tests.lifecycle import drawings, hands, judging, library, reading, views
from tests.lifecycle.judging import Answer, Trial
from tests.lifecycle.library import PRESETS, Case
from tests.lifecycle.reading import Shelf
from tests.running import Captiond
from tests.scripted_server import Asked, Said, ScriptedServer, completed, translated

ANSWERS = {
    "first": Answer("A boat lies in the harbour.", ("boat", "harbour", "Summer", "red sky", "Ulm")),
    "second": Answer("A boat sails at dusk.", ("boat", "dusk", "Summer", "sailing", "Möwe")),
}
"""By the name of the model: another version is another model with other words."""
STEPS = ("written", "again", "by hand", "another version", "undone", "undone again")
_TASKS = ("caption", "alt", "tags", "sentiment", "translate")
_CONFIG = """
state_dir = "state"
languages = ["es"]
tasks = {tasks}
workers = 2
mood_keywords = {moods}
{folders}
[engine]
use = "openai"
[[engine.endpoints]]
url = "{url}"
model = "{model}"
concurrency = 8
"""


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken: in which step, of which file, and how."""

    step: str
    case: Case
    what: str

    def __str__(self) -> str:
        return f"{self.step}: {self.case}: {self.what}"


@dataclass
class Course:
    """One library on its way through captiond; *found* is what was broken on it."""

    root: Path
    cases: Sequence[Case]
    server: ScriptedServer
    moods: bool = False
    found: list[Violation] = field(default_factory=list)
    looks: int = 0

    def __post_init__(self) -> None:
        self.captiond = Captiond(self.root)

    @property
    def hot(self) -> Path:
        return self.root / "in"

    def run(self) -> None:
        """Go the whole way."""
        library.make(self.hot, self.cases, self.root / "drawing")
        self.start = self._look()
        self.view = {
            case: views.before(case, self._folder(case), self.start) for case in self.cases
        }
        self.done: dict[Case, hands.Done] = {}
        worked = self._first_version()
        self._second_version(worked)

    def _first_version(self) -> Shelf:
        """Describe, describe again, and have a human edit what came of it while nobody runs."""
        self._configure("first")
        with self.captiond.daemon() as daemon:
            daemon.settles(sum(map(_is_media, reading.files(self.hot))), timeout=600)
            first = self._look()
            self._written("written", self.start, first, "first")
            self._again("again", "redo")
        self.done = self._by_hand(first)
        worked = self._look()
        self.view |= {
            case: views.edited(self.view[case], done, worked) for case, done in self.done.items()
        }
        return worked

    def _second_version(self, worked: Shelf) -> None:
        """Describe by another model, and take everything back."""
        self._configure("second")
        with self.captiond.daemon():
            self._ask("redo")
            self._written("another version", worked, self._look(), "second")
            self._ask("undo")
            last = self._look()
            for case in self.cases:
                trial = self._trial(case, worked, last)
                self._note("undone", case, judging.undone(trial, self.start))
            self._again("undone again", "undo")

    def table(self) -> str:
        """Spell what was done and broken, by preset and format."""
        files = Counter((case.preset, case.format) for case in self.cases)
        broken = Counter((each.case.preset, each.case.format) for each in self.found)
        formats = list(dict.fromkeys(case.format for case in self.cases))
        lines = [f"{'files/violations':16}" + "".join(f"{each:>7}" for each in formats)]
        for preset in PRESETS:
            cells = ((files[preset, each], broken[preset, each]) for each in formats)
            row = "".join(f"{f'{count}/{bad}' if count else '':>7}" for count, bad in cells)
            lines.append(f"{preset:16}{row}")
        total = f"{len(self.cases)} files, {len(STEPS)} steps, {len(self.found)} violations"
        return "\n".join((*lines, total))

    def _folder(self, case: Case) -> Path:
        return self.hot / case.preset

    def _look(self) -> Shelf:
        self.looks += 1
        return reading.look(self.hot, self.root / f"look-{self.looks}")

    def _configure(self, model: str) -> None:
        folders = "".join(
            f'[[folders]]\npath = "in/{name}"\nsettle_s = 0.0\n{keys}\n'
            for name, (keys, *_) in PRESETS.items()
            if (self.hot / name).is_dir()
        )
        text = _CONFIG.format(
            tasks=list(_TASKS),
            folders=folders,
            url=self.server.url,
            model=model,
            moods=str(self.moods).lower(),
        )
        self.captiond.config.write_text(text, encoding="utf-8")

    def _written(self, step: str, base: Shelf, now: Shelf, model: str) -> None:
        for case in self.cases:
            broken = judging.written(self._trial(case, base, now), self._answer(model))
            self._note(step, case, broken)

    def _answer(self, model: str) -> Answer:
        said = ANSWERS[model]
        moods = replace(said, tags=(*said.tags, "mood calm"), above=("AI", "Mood"))
        return moods if self.moods else said

    def _trial(self, case: Case, base: Shelf, now: Shelf) -> Trial:
        return Trial(case, self._folder(case), self.view[case], base, now, self.done.get(case))

    def _again(self, step: str, what: str) -> None:
        before = reading.identities(self.hot)
        self._ask(what)
        after = reading.identities(self.hot)
        for case in self.cases:
            paths = views.beside(case, self._folder(case), {**before, **after})
            old, new = ({path: found.get(path) for path in paths} for found in (before, after))
            self._note(step, case, judging.unchanged(old, new))

    def _ask(self, what: str) -> None:
        """Ask the running captiond as the command of that name does, and wait for the end."""
        told = list(ask(self.root / "state", {"do": what, "paths": [str(self.hot)]}))
        assert told[-1]["exit"] == 0, told

    def _by_hand(self, shelf: Shelf) -> dict[Case, hands.Done]:
        ours = [answer.caption for answer in ANSWERS.values()]
        found = {case: self._folder(case) / hands.target_of(case) for case in self.cases}
        return {
            case: hands.work(path, case, shelf[path], ours)
            for case, path in found.items()
            if path in shelf
        }

    def _note(self, step: str, case: Case, broken: Iterable[str]) -> None:
        self.found += [Violation(step, case, each) for each in broken]


def _is_media(path: Path) -> bool:
    return path.suffix[1:] in drawings.FORMATS


def script(asked: Asked) -> Said:
    """Answer as the model that is asked; each says the same of every picture."""
    if asked.path.endswith("/models"):
        return Said(body=json.dumps({"data": [{"id": name} for name in ANSWERS]}).encode())
    answer = ANSWERS[asked.json["model"]]
    told = {
        "caption": answer.caption,
        "alt": answer.caption,
        "tags": list(answer.tags),
        "sentiment": {
            "label": "neutral",
            "score": 0.0,
            "moods": ["calm"],
            "analysis": "Plain forms.",
        },
    }
    if not asked.schema or not set(asked.tasks) <= set(told):
        return completed(json.dumps(translated(asked.schema)) if asked.schema else answer.caption)
    return completed(json.dumps({task: told[task] for task in asked.tasks}))


def went(root: Path, cases: Sequence[Case], moods: bool = False) -> Course:
    """Send *cases* through the whole course, with *moods* as keywords where that is asked for."""
    os.umask(0o022)
    with ScriptedServer(script, record=False) as server:
        course = Course(root, cases, server, moods)
        course.run()
    return course
