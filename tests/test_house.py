"""Guards of the house: what import-linter cannot say about rooms, names and sizes."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = sorted(
    path.relative_to(ROOT)
    for package in ("daemon", "metadata", "prompts")
    for path in (ROOT / package).rglob("*.py")
)
LONGEST = 400
# Names that say nothing about what is inside.
EMPTY_NAMES = {"manager", "helper", "helpers", "utils", "util", "common", "core", "processor"}


def imported(room: Path) -> Iterator[str]:
    """Name the top-level package of everything that *room* imports, wherever it does so."""
    for node in ast.walk(ast.parse((ROOT / room).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


PROMPTS = [str(room) for room in ROOMS if room.parts[0] == "prompts"]


@pytest.mark.parametrize("room", ["daemon/settle.py", *PROMPTS])
def test_some_rooms_need_nothing_but_the_standard_library(room: str) -> None:
    assert set(imported(Path(room))) - {"prompts"} <= sys.stdlib_module_names


@pytest.mark.parametrize("room", ["daemon/settle.py"])
def test_the_settler_has_no_clock_no_disk_and_no_thread(room: str) -> None:
    assert not set(imported(Path(room))) & {"time", "os", "threading", "io", "shutil", "asyncio"}


@pytest.mark.parametrize("room", ROOMS, ids=str)
def test_every_room_says_what_it_is_for_and_stays_small(room: Path) -> None:
    text = (ROOT / room).read_text(encoding="utf-8")
    assert text.startswith('"""'), "the first line says what the room is for"
    assert len(text.splitlines()) <= LONGEST, "split it"
    assert not {part.removesuffix(".py") for part in room.parts} & EMPTY_NAMES


@pytest.mark.parametrize("room", ROOMS, ids=str)
def test_no_room_imports_a_model_library_at_its_top(room: Path) -> None:
    top = ast.parse((ROOT / room).read_text(encoding="utf-8")).body
    names = {
        name.partition(".")[0]
        for node in top
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }
    assert not names & {"torch", "transformers"}


def test_errors_stop_only_at_the_walls() -> None:
    """``except Exception``: the pipeline's wall, those of a worker and of an engine process,
    and the command line's edge."""
    catching = {str(room) for room in ROOMS if "except Exception" in (ROOT / room).read_text()}
    assert catching <= {
        "daemon/pipeline.py",
        "daemon/worker/__main__.py",
        "daemon/host/wall.py",
        "daemon/cli/setting.py",
    }
