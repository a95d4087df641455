"""Every command as a user types it: what it prints, and the exit code it leaves with."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import drawn
from tests.running import Captiond

KEYS = [
    "path", "state", "kind", "content", "width", "height", "duration_s", "taken_at", "camera",
    "place", "caption", "alt", "summary", "creative", "tags", "sentiment", "text", "codes",
    "transcript", "look", "video", "provenance", "stats", "written", "not_run", "error",
]  # fmt: skip


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Captiond:
    captiond = Captiond(tmp_path_factory.mktemp("cli"))
    drawn.jpeg(
        captiond.inbox / "red.jpg",
        colour=(210, 30, 35),
        taken="2024-07-03T18:20:11",
        gps=(48.1, 11.5),
        camera=("FUJIFILM", "X-T3"),
    )
    (captiond.inbox / "sub").mkdir()
    drawn.jpeg(captiond.inbox / "sub/blue.jpg", colour=(30, 60, 210))
    drawn.clip(captiond.inbox / "clip.mp4", cuts=(1, 2), seconds=3)
    (captiond.inbox / "notes.jpg").write_text("only words\n")
    captiond("process", captiond.inbox, code=1)
    return captiond


def test_process_prints_the_one_shape_for_each_file_and_nothing_else(
    described: Captiond,
) -> None:
    done = described("process", described.inbox, "--json", "--summary", code=1)
    files = [json.loads(line) for line in done.stdout.splitlines()]

    assert sorted(Path(f["path"]).name for f in files) == [
        "blue.jpg", "clip.mp4", "notes.jpg", "red.jpg",
    ]  # fmt: skip
    assert all(list(f) == KEYS for f in files)
    summary = [line.split() for line in done.stderr.splitlines()]
    assert ["known", "before", "2", "1", "3"] in summary and ["failed", "0", "0", "1"] in summary


def test_what_is_done_and_unchanged_is_not_written_again(described: Captiond) -> None:
    sidecar = described.inbox / "red.jpg.xmp"
    before = sidecar.stat()

    described("process", described.inbox / "red.jpg")

    after = sidecar.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_show_tells_everything_and_takes_a_sidecar_for_its_file(described: Captiond) -> None:
    file = described.json("show", described.inbox / "red.jpg")

    assert list(file) == KEYS
    assert file == described.json("show", described.inbox / "red.jpg.xmp")
    assert (file["state"], file["kind"], file["error"]) == ("done", "image", None)
    assert (file["width"], file["height"]) == (640, 480)
    assert file["taken_at"].startswith("2024-07-03T18:20:11")
    assert set(file["caption"]) == {"en", "es", "de"}
    assert "red" in file["caption"]["en"]
    assert "summer" in [tag["name"] for tag in file["tags"]]
    assert file["provenance"]["caption"]["engine"] == "builtin"
    assert file["written"] == [{"where": "sidecar", "path": str(described.inbox / "red.jpg.xmp")}]
    assert "text" in file["not_run"]
    told = described("show", described.inbox / "red.jpg").stdout
    assert "red" in told and "described in" in told


def test_show_of_a_failed_file_says_what_to_do(described: Captiond) -> None:
    file = described.json("show", described.inbox / "notes.jpg")

    assert file["state"] == "failed"
    assert file["error"]["reason"] == "not_media"
    assert file["error"]["hint"]


def test_show_of_an_unknown_file_fails(described: Captiond) -> None:
    assert "does not know" in described("show", "/nowhere/x.jpg", code=1).stderr


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--tag", "red"], {"red.jpg", "clip.mp4"}),
        (["--tag", "RED", "--kind", "image"], {"red.jpg"}),
        (["blue", "--kind", "image"], {"blue.jpg"}),
        (["verano"], {"red.jpg"}),
        (["fujifilm"], {"red.jpg"}),
        (["--since", "2024-01-01", "--kind", "image", "summer"], {"red.jpg"}),
        (["--lang", "fr"], set()),
        (["nothingofthatkind"], set()),
        (['"', "NEAR(", "-a", "*"], set()),
    ],
)
def test_search_finds_by_tag_word_and_language(
    described: Captiond, words: list[str], names: set[str]
) -> None:
    options = [word for word in words if not word.startswith("-a")]
    found = described.lines("search", *options, *(["--", "-a"] if "-a" in words else []))

    assert {Path(f["path"]).name for f in found} == names


def test_search_without_words_lists_the_newest(described: Captiond) -> None:
    assert len(described.lines("search", "--limit", "2")) == 2
    assert "red.jpg" in described("search").stdout
    assert "nothing found" in described("search", "nothingofthatkind").stdout


def test_a_day_that_is_none_is_refused(described: Captiond) -> None:
    assert "YYYY-MM-DD" in described("search", "--since", "gestern", code=2).stderr


def test_export_gives_lines_and_a_table(described: Captiond) -> None:
    lines = [json.loads(line) for line in described("export").stdout.splitlines()]
    rows = list(csv.reader(io.StringIO(described("export", "--format", "csv", "red").stdout)))

    assert len(lines) == 3
    first = ["file", "kind", "taken_at", "language", "caption", "alt", "tags", "model", "bytes"]
    assert rows[0][: len(first)] == first
    costs = dict(zip(rows[0], rows[1], strict=True))
    assert costs["model"].startswith("builtin@") and float(costs["seconds"]) > 0
    assert int(costs["bytes"]) > 0 and costs["tokens_in"] == ""
    assert {row[3] for row in rows[1:]} == {"en", "es", "de"}


def test_status_and_jobs_read_without_a_daemon(described: Captiond) -> None:
    status = described.json("status")

    assert status["running"] is False
    assert status["queue"]["done"] == 3
    assert status["engine"]["name"] == "builtin"
    assert status["engine"]["doing"] == []
    assert [job["state"] for job in described.lines("jobs", "--state", "failed")] == ["failed"]
    assert sum(each["files"] for each in status["statistics"]["last_hour"]) == 3
    assert status["repeated"] == []
    told = described("status").stdout
    assert "not running" in told and "last hour" in told
    assert "notes.jpg" in described("jobs").stdout


def test_retry_and_redo_say_what_they_need(described: Captiond) -> None:
    assert "--all" in described("retry", code=2).stderr
    assert "--stale" in described("redo", code=2).stderr
    assert "--run" in described("undo", code=2).stderr


def test_retry_tries_failed_files_again(described: Captiond) -> None:
    assert "1 to try again" in described("retry", "--all", code=1).stdout
    assert described.states()["notes.jpg"] == "failed"


def test_nothing_stale_is_success(described: Captiond) -> None:
    assert "0 to describe again" in described("redo", "--stale").stdout


def test_a_missing_file_is_said_and_fails(described: Captiond) -> None:
    done = described("process", "/nowhere/x.jpg", code=1)

    assert "/nowhere/x.jpg: no such file or folder" in done.stderr


def test_reindex_restores_every_word(described: Captiond) -> None:
    names = ("red.jpg", "sub/blue.jpg", "clip.mp4", "notes.jpg")
    before = [described.json("show", described.inbox / name) for name in names]
    for left in (described.root / "state").glob("index.db*"):
        left.unlink()
    assert described.lines("search") == []

    described("reindex")

    assert [described.json("show", described.inbox / name) for name in names] == before
    assert len(described.lines("search")) == 3


def test_the_configuration_is_shown_and_begun(tmp_path: Path) -> None:
    captiond = Captiond(tmp_path)

    assert json.loads(captiond("config", "show").stdout)["languages"] == ["es", "de"]
    assert "--force" in captiond("config", "init", code=2).stderr
    captiond("config", "init", "--force")
    assert json.loads(captiond("config", "show").stdout)["languages"] == ["es", "fr", "hi"]


def test_what_is_wrong_with_the_configuration_is_one_line_and_exit_2(tmp_path: Path) -> None:
    captiond = Captiond(tmp_path, more="langages = []")

    done = captiond("status", code=2)

    assert done.stderr.count("\n") == 1
    assert "did you mean languages?" in done.stderr
    assert "Usage" in captiond("run", "--help").stdout


def test_run_without_a_folder_says_what_to_do(tmp_path: Path) -> None:
    captiond = Captiond(tmp_path)
    captiond.config.write_text('state_dir = "state"\n')

    assert "captiond config init" in captiond("run", "--once", code=2).stderr
    assert "no such folder" in captiond("run", tmp_path / "none", "--once", code=2).stderr


def test_an_engine_or_an_exiftool_that_is_not_there_is_exit_3(tmp_path: Path) -> None:
    captiond = Captiond(tmp_path, more='exiftool = "/nowhere/exiftool"')
    assert "apt-get install" in captiond("run", "--once", code=3).stderr

    captiond = Captiond(tmp_path / "b")
    missing = f'[engine]\nuse = "transformers"\nimage_model = "{tmp_path}/none"\n'
    captiond.config.write_text(captiond.config.read_text() + missing)
    assert f"{tmp_path}/none" in captiond("run", "--once", code=3).stderr


def test_run_once_does_all_there_is_and_then_finds_nothing_to_do(tmp_path: Path) -> None:
    captiond = Captiond(tmp_path)
    drawn.jpeg(captiond.inbox / "a.jpg")

    assert "1 described" in captiond("run", "--once").stderr
    assert "nothing to do" in captiond("run", "--once").stderr


def test_folder_arguments_replace_the_configured_folders(tmp_path: Path) -> None:
    captiond = Captiond(tmp_path)
    drawn.jpeg(captiond.inbox / "a.jpg")
    (tmp_path / "other").mkdir()
    drawn.jpeg(tmp_path / "other/b.jpg")

    captiond("run", "--once", tmp_path / "other")

    assert captiond.states() == {"b.jpg": "done"}


def test_help_is_quick_and_loads_no_model_library() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, daemon.cli; print(*{m.partition('.')[0] for m in sys.modules})",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    heavy = {"torch", "transformers", "numpy", "PIL", "av", "exiftool", "babel", "watchdog"}
    assert heavy & set(loaded) == set()
