import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from metadata.database import NewerDatabase, StorageError, open_readonly, open_writable
from metadata.renames import Renames
from metadata.schema import INDEX, STATE, Schema


def add_mood(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE runs ADD COLUMN mood TEXT")


def add_broken(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE half(way TEXT)")
    connection.execute("INSERT INTO nowhere VALUES (1)")


LATER = replace(STATE, steps=(*STATE.steps, add_mood))
BROKEN = replace(STATE, steps=(*STATE.steps, add_broken))


def made(path: Path, schema: Schema) -> None:
    with open_writable(path, schema) as database:
        database.execute(
            "INSERT INTO runs(id, started_at, engine, model) VALUES ('1', 'now', 'b', 'm')"
        )


def columns(path: Path, table: str) -> list[str]:
    connection = sqlite3.connect(path)
    found = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    connection.close()
    return found


def test_each_room_finds_its_table(tmp_path: Path) -> None:
    with open_writable(tmp_path / "state.db", STATE) as database:
        found = {name for (name,) in database.rows("SELECT name FROM sqlite_schema")}
    assert {"assets", "jobs", "descriptions", "journal", "sidecars", "runs"} <= found


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    made(path, STATE)
    before = path.read_bytes()
    with open_writable(path, STATE) as database:
        assert not database.fresh
    assert path.read_bytes() == before


def test_what_is_current_is_opened_without_sqlite_utils(tmp_path: Path) -> None:
    made(tmp_path / "state.db", STATE)
    code = """
import sys
from pathlib import Path
from metadata.database import open_writable
from metadata.schema import STATE
open_writable(Path(sys.argv[1]), STATE).close()
print("sqlite_utils" in sys.modules, "numpy" in sys.modules)
"""
    command = [sys.executable, "-c", code, str(tmp_path / "state.db")]
    assert subprocess.check_output(command, text=True) == "False False\n"


def test_D12_an_older_state_is_migrated_after_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    made(path, STATE)
    with open_writable(path, LATER) as database:
        assert database.rows("SELECT id, mood FROM runs") == [("1", None)]
        assert database.rows("PRAGMA user_version") == [(LATER.version,)]
    backup = tmp_path / f"state.db.v{STATE.version}.bak"
    assert columns(backup, "runs") == ["id", "started_at", "engine", "model"]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["state.db", backup.name]


def test_D12_a_newer_state_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    made(path, LATER)
    before = path.read_bytes()
    told = rf"state\.db: a later version .*schema {LATER.version}.* knows {STATE.version}"
    with pytest.raises(NewerDatabase, match=told):
        open_writable(path, STATE)
    assert path.read_bytes() == before


def test_D12_a_step_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    made(path, STATE)
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        open_writable(path, BROKEN)
    with open_writable(path, STATE) as database:
        assert database.rows("SELECT id FROM runs") == [("1",)]
        assert database.rows("SELECT name FROM sqlite_schema WHERE name = 'half'") == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_D12_a_killed_migration_starts_again(tmp_path: Path, when: str) -> None:
    path = tmp_path / "state.db"
    made(path, STATE)
    code = """
import os, sys
from dataclasses import replace
from pathlib import Path
from metadata.database import open_writable
from metadata.schema import STATE
def add_mood(connection):
    if sys.argv[2] == "after":
        connection.execute("ALTER TABLE runs ADD COLUMN mood TEXT")
    os.kill(os.getpid(), 9)
open_writable(Path(sys.argv[1]), replace(STATE, steps=(*STATE.steps, add_mood)))
"""
    killed = subprocess.run([sys.executable, "-c", code, str(path), when], check=False)
    assert killed.returncode == -9
    with open_writable(path, LATER) as database:
        assert database.rows("SELECT id, mood FROM runs") == [("1", None)]


def test_D12_an_index_of_another_version_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    for version in (7, 2):
        with open_writable(path, replace(INDEX, first_version=version)) as database:
            assert database.fresh
            assert database.rows("PRAGMA user_version") == [(version,)]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["index.db", "index.db.aside-1"]


def test_a_reader_refuses_an_index_of_another_version(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    open_writable(path, replace(INDEX, first_version=99)).close()
    with pytest.raises(StorageError, match="captiond reindex"):
        open_readonly(path, INDEX)


def test_paths_are_kept_as_bytes(tmp_path: Path) -> None:
    path = os.fsdecode(b"/hot/\xff\xfe.jpg")
    with open_writable(tmp_path / "state.db", STATE) as database:
        database.execute(
            "INSERT INTO jobs(path, state, created_at, changed_at) VALUES (?, 'pending', 0, 0)",
            (os.fsencode(path),),
        )
        assert os.fsdecode(database.rows("SELECT path FROM jobs")[0][0]) == path


def test_the_state_of_a_captiond_that_renamed_nothing_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    made(path, replace(STATE, steps=STATE.steps[:3]))
    with open_writable(path, STATE) as database:
        Renames(database).put(["dog"], "Hund", "Hund")
    with open_writable(path, STATE) as database:
        assert Renames(database).get("DOG") == "Hund"
        assert database.rows("SELECT id FROM runs") == [("1",)]
    assert columns(tmp_path / "state.db.v3.bak", "renames") == []
