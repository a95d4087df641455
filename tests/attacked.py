"""A captiond that has run over words of attack, and what must be as it was before."""

import json
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scripted_server import Asked, ScriptedServer

from daemon.believing.texts import LONGEST_TEXT
from metadata.exiftool import CONFIG
from metadata.keywords import MOST_TAGS
from metadata.spelling import LONGEST_ALT, LONGEST_TAG
from prompts import choices
from tests.running import Captiond

ALLOWED = {"\n", "\t", "\u200c", "\u200d"}
"""Of what steers or cannot be seen; the joiners are parts of words and signs."""
KEPT = {"state.db", "index.db", "lock", "scratch", "models", "devices.json"} | {
    f"{name}.db-{part}" for name in ("state", "index") for part in ("wal", "shm")
}
"""Where captiond keeps what it knows."""


def contents(root: Path) -> dict[Path, bytes]:
    """Read all files but those in which captiond keeps what it knows."""
    kept = root / "state"
    return {p: p.read_bytes() for p in root.rglob("*") if p.is_file() and kept not in p.parents}


@dataclass(frozen=True)
class Ran:
    """A captiond that has run, what lay there before and after, and what a server was asked."""

    captiond: Captiond
    before: dict[Path, bytes]
    after: dict[Path, bytes]
    log: str
    asked: tuple[Asked, ...] = ()

    @cached_property
    def states(self) -> dict[str, str]:
        return self.captiond.states()

    @cached_property
    def files(self) -> dict[str, dict[str, Any]]:
        """Give what is known of each file, by its path below the hot folder."""
        found = self.captiond.lines("search", "--limit", "1000")
        return {str(Path(f["path"]).relative_to(self.captiond.inbox)): f for f in found}

    @property
    def sidecars(self) -> list[dict[str, Any]]:
        """Read all sidecars by ExifTool, which must not find fault with any."""
        command = ["exiftool", "-config", str(CONFIG), "-j", "-struct", "-G1", "-a", "-validate"]
        paths = [path for path in self.after if path.suffix == ".xmp"]
        read = subprocess.run([*command, "-warning", "-XMP:all", *map(str, paths)], check=True,
                              capture_output=True)  # fmt: skip
        found: list[dict[str, Any]] = json.loads(read.stdout)
        assert {each["ExifTool:Validate"] for each in found} == {"OK"}
        return found


def run(captiond: Captiond, server: ScriptedServer | None = None) -> Ran:
    before = contents(captiond.root)
    done = captiond("run", "--once", code=None, timeout=300)
    after = contents(captiond.root)
    return Ran(captiond, before, after, done.stderr, tuple(server.chats) if server else ())


def check_only_sidecars(ran: Ran) -> None:
    """Nothing there was changed, and nothing is new but sidecars, none of them elsewhere."""
    assert {path: ran.after.get(path) for path in ran.before} == ran.before
    new = set(ran.after) - set(ran.before)
    assert new <= {path.with_name(f"{path.name}.xmp") for path in ran.before}
    assert not (ran.captiond.root / "canary").exists()
    assert {path.name for path in (ran.captiond.root / "state").iterdir()} <= KEPT
    scratch = ran.captiond.root / "state/scratch"
    assert not [path for path in scratch.rglob("*") if not path.is_dir()]
    steering = {sign for sign in ran.log if unicodedata.category(sign)[0] == "C"}
    assert steering <= {"\n"}, "the log can be read in a terminal"


def texts(value: Any) -> Iterator[str]:
    """List every string in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from (key, *texts(each))
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def check_bounded(file: dict[str, Any]) -> None:
    """Values are within their limits and of their lists, and no sign in them steers anything."""
    for task in ("caption", "summary", "creative"):
        ours = [text for language, text in file[task].items() if language != "x-default"]
        assert all(0 < len(text) <= LONGEST_TEXT for text in ours)
    assert all(0 < len(text) <= LONGEST_ALT for text in file["alt"].values())
    names = [tag["name"] for tag in file["tags"] if tag["source"] != "human"]
    assert len(names) <= MOST_TAGS and len({name.casefold() for name in names}) == len(names)
    assert all(name and len(name.encode()) <= LONGEST_TAG for name in names)
    assert all(len(name.split()) <= 5 and not set(name) & set("<>|/\n") for name in names)
    sentiment = file["sentiment"]
    assert sentiment["label"] in (None, *choices("sentiment"))
    assert sentiment["score"] is None or -1 <= sentiment["score"] <= 1
    assert len(sentiment["moods"]) <= 3 and set(sentiment["moods"]) <= set(choices("moods"))
    for fact in file["look"]["facts"]:
        if fact["basis"] == "model":
            task, _, name = fact["name"].partition("_")
            assert name.replace("_", " ") in choices(task) and len(str(fact["value"])) <= 500


def check_plain(value: Any) -> None:
    """No sign steers anything, and no markup is left."""
    check_steering(value)
    for text in texts(value):
        assert not re.search(r"<[a-z/!?|]", text), text


def check_steering(
    value: Any, categories: tuple[str, ...] = ("Cc", "Cf", "Cs", "Co", "Cn")
) -> None:
    for text in texts(value):
        steering = {sign for sign in text if unicodedata.category(sign) in categories} - ALLOWED
        assert not steering, text
