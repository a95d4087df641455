import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from metadata.database import (
    Damaged,
    MissingDatabase,
    NewerDatabase,
    StorageError,
    open_readonly,
    open_writable,
)
from metadata.schema import INDEX, STATE

NOBODY = 65534


def note(path: Path, number: int) -> None:
    with open_writable(path, STATE) as database:
        database.execute("INSERT INTO runs VALUES (?, 'now', 'builtin', 'm')", (str(number),))


def runs(path: Path) -> list[str]:
    with open_writable(path, STATE) as database:
        return [id for (id,) in database.rows("SELECT id FROM runs ORDER BY id")]


def test_a_writer_is_durable_and_logs_ahead(tmp_path: Path) -> None:
    with open_writable(tmp_path / "state.db", STATE) as database:
        assert database.rows("PRAGMA journal_mode") == [("wal",)]
        assert database.rows("PRAGMA synchronous") == [(2,)]
        assert database.rows("PRAGMA busy_timeout") == [(5000,)]
        assert database.fresh


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with open_writable(path, STATE) as database:
        with pytest.raises(ValueError), database.transaction():
            with database.transaction():
                database.execute("INSERT INTO runs VALUES ('1', 'now', 'builtin', 'm')")
            raise ValueError
        assert not database.connection.in_transaction
    assert runs(path) == []


def test_the_outer_transaction_decides_for_the_inner_one(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with open_writable(path, STATE) as database, database.transaction():
        with database.transaction():
            database.execute("INSERT INTO runs VALUES ('1', 'now', 'builtin', 'm')")
        assert database.connection.in_transaction
    assert runs(path) == ["1"]


def test_a_connection_belongs_to_one_thread(tmp_path: Path) -> None:
    caught: list[BaseException] = []

    def use() -> None:
        try:
            database.execute("SELECT 1")
        except sqlite3.ProgrammingError as error:
            caught.append(error)

    with open_writable(tmp_path / "state.db", STATE) as database:
        thread = threading.Thread(target=use)
        thread.start()
        thread.join()
    assert len(caught) == 1


def test_D8_writers_wait_for_each_other_even_after_reading(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    code = """
import sys
from pathlib import Path
from metadata.database import open_writable
from metadata.schema import STATE
with open_writable(Path(sys.argv[1]), STATE) as database:
    for number in range(40):
        with database.transaction():
            found = database.rows("SELECT count(*) FROM runs")[0][0]
            database.execute("INSERT INTO runs VALUES (?, 'now', 'b', 'm')", (str(found),))
"""
    open_writable(path, STATE).close()
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert len(runs(path)) == 120


def test_D9_a_stuck_reader_leaves_no_large_log_behind(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with open_writable(path, STATE) as database:
        with open_readonly(path, STATE) as reader:
            reader.execute("BEGIN")
            reader.rows("SELECT * FROM runs")
            for number in range(40):
                row = (str(number), "x" * 2**20)
                database.execute("INSERT INTO runs VALUES (?, ?, 'b', 'm')", row)
            assert Path(f"{path}-wal").stat().st_size > 32 * 2**20
        database.execute("PRAGMA wal_checkpoint(RESTART)")
        database.execute("DELETE FROM runs WHERE id = '1'")
        assert Path(f"{path}-wal").stat().st_size <= 17 * 2**20


def test_D10_a_reader_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with open_writable(path, INDEX) as writer, open_readonly(path, INDEX) as reader:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.execute("DELETE FROM assets")
        writer.execute("INSERT INTO assets VALUES (1, x'2f61', '/a', '2024-01-01')")
        assert reader.rows("SELECT count(*) FROM assets") == [(1,)]


def test_D10_a_reader_never_moves_the_log_into_the_database(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    writer = open_writable(path, INDEX)
    writer.execute("INSERT INTO assets VALUES (1, x'2f61', '/a', '2024-01-01')")
    before = path.read_bytes()
    open_readonly(path, INDEX).close()
    assert path.read_bytes() == before
    writer.close()
    assert path.read_bytes() != before


@pytest.mark.parametrize("live", [True, False])
def test_who_may_only_read_can_read_with_or_without_a_daemon(tmp_path: Path, live: bool) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    writer = open_writable(folder / "index.db", INDEX)
    writer.execute("INSERT INTO assets VALUES (1, x'2f61', '/a', '2024-01-01')")
    if not live:
        writer.close()
    for item in (tmp_path, *tmp_path.parents):
        if item.is_relative_to(tempfile.gettempdir()):
            item.chmod(item.stat().st_mode | 0o055)
    for item in folder.iterdir():
        item.chmod(0o644)
    folder.chmod(0o555)
    before = sorted(item.name for item in folder.iterdir())
    assert _as_nobody(lambda: _names(folder / "index.db")) == "[('/a',)]"
    assert sorted(item.name for item in folder.iterdir()) == before
    folder.chmod(0o755)
    writer.close()


def _names(path: Path) -> list[tuple[str]]:
    with open_readonly(path, INDEX) as reader:
        return reader.rows("SELECT name FROM assets")


def _as_nobody(ask: Callable[[], object]) -> str:
    """Ask as a user who owns nothing, where we may become one; gives the answer as text."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setresgid(NOBODY, NOBODY, NOBODY)
                os.setresuid(NOBODY, NOBODY, NOBODY)
            os.write(theirs, str(ask()).encode())
        except BaseException as error:
            os.write(theirs, repr(error).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as answer:
        text = answer.read().decode()
    os.waitpid(child, 0)
    return text


def test_a_killed_writer_leaves_a_log_that_readers_can_use(tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from metadata.database import open_writable
from metadata.schema import STATE
database = open_writable(Path(sys.argv[1]), STATE)
database.execute("INSERT INTO runs VALUES ('1', 'now', 'b', 'm')")
os.kill(os.getpid(), 9)
"""
    path = tmp_path / "state.db"
    killed = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert killed.returncode == -9
    with open_readonly(path, STATE) as reader:
        assert reader.rows("SELECT id FROM runs") == [("1",)]
    assert runs(path) == ["1"]


def test_a_database_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingDatabase, match=r"index\.db: not there yet"):
        open_readonly(tmp_path / "index.db", INDEX)


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="check permissions"):
        open_writable(tmp_path / "none" / "state.db", STATE)


def test_names_with_signs_that_urls_use_are_opened(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"50% off?#1 \xff")
    folder.mkdir()
    note(folder / "state.db", 1)
    assert runs(folder / "state.db") == ["1"]
    with open_readonly(folder / "state.db", STATE) as reader:
        assert reader.rows("SELECT id FROM runs") == [("1",)]


def test_D11_a_database_that_is_no_database_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"this was never a database" * 100)
    with open_writable(path, STATE) as database:
        assert database.fresh
        assert database.aside == tmp_path / "state.db.aside-1"
        assert database.aside.read_bytes().startswith(b"this was never")


def test_D11_a_precious_database_put_aside_before_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    for text in (b"first" * 1000, b"second" * 1000):
        path.write_bytes(text)
        open_writable(path, STATE).close()
    assert (tmp_path / "state.db.aside-1").read_bytes().startswith(b"first")
    assert (tmp_path / "state.db.aside-2").read_bytes().startswith(b"second")


def test_D11_flipped_bytes_are_noticed_or_harmless(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with open_writable(path, STATE) as database, database.transaction():
        for number in range(3000):
            database.execute(
                "INSERT INTO runs VALUES (?, 'now', 'builtin', 'm')", (f"{number:08}",)
            )
    whole, dice = path.read_bytes(), random.Random(7)
    noticed = 0
    for _ in range(40):
        broken = bytearray(whole)
        page = dice.randrange(len(whole) // 4096) * 4096
        for _ in range(64):
            broken[page + dice.randrange(4096)] ^= 1 << dice.randrange(8)
        path.write_bytes(broken)
        noticed += _is_noticed(path)
        for item in tmp_path.iterdir():
            item.unlink()
    assert noticed >= 20  # four seeds gave 21 to 30, before and after the latest migration


def _is_noticed(path: Path) -> bool:
    """Tell whether damage was seen at start; if not, every statement must still work."""
    try:
        database = open_writable(path, STATE)
    except NewerDatabase:
        return True
    with database:
        database.rows("SELECT count(*) FROM runs")
        database.rows("SELECT id, model FROM runs WHERE id = '00001000'")
        database.execute("INSERT OR REPLACE INTO runs VALUES ('1', 'now', 'builtin', 'm')")
        return database.aside is not None


def test_D11_a_reader_says_that_the_database_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    path.write_bytes(b"never a database" * 1000)
    with pytest.raises(Damaged, match="is damaged"):
        open_readonly(path, INDEX)
