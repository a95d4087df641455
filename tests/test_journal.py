import hashlib
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from metadata.change import Change, Ours
from metadata.computed import Descriptions
from metadata.database import Database, open_writable
from metadata.description import Description, Fact, Look, Tag
from metadata.journal import Journal, Restore
from metadata.schema import STATE
from metadata.stats import Stats, Tokens

MEDIA = Path("/hot/a.jpg")
SIDECAR = Path("/hot/a.jpg.xmp")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_writable(tmp_path / "state.db", STATE) as database:
        yield database


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database)


def sha(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def change(
    before: bytes | None, after: bytes | None, target: Path = SIDECAR, ours: Ours | None = None
) -> Change:
    packed = None if before is None else zlib.compress(before)
    return Change(target, None, Path("/staged"), packed, sha(before), sha(after), ours or Ours())


def wrote(
    journal: Journal,
    before: bytes | None,
    after: bytes | None,
    target: Path = SIDECAR,
    **ours: object,
) -> None:
    intended(journal, before, after, target, **ours)
    journal.placed(target)


def intended(
    journal: Journal,
    before: bytes | None,
    after: bytes | None,
    target: Path = SIDECAR,
    **ours: object,
) -> None:
    journal.intend("run1", "model1", MEDIA, [change(before, after, target, Ours(**ours))])  # type: ignore[arg-type]


def restored(restore: Restore | None) -> bytes | None:
    assert restore is not None
    assert restore.before is not None
    return zlib.decompress(restore.before)


def test_a_created_sidecar_goes_back_to_nothing(journal: Journal) -> None:
    wrote(journal, None, b"one")
    wrote(journal, b"one", b"two")
    assert journal.previous(SIDECAR, sha(b"two")) == Restore(None, None)


def test_an_unbroken_chain_goes_back_to_the_first_bytes(journal: Journal) -> None:
    wrote(journal, b"human", b"one")
    wrote(journal, b"one", b"two")
    wrote(journal, b"two", b"three")
    restore = journal.previous(SIDECAR, sha(b"three"))
    assert restored(restore) == b"human"
    assert restore is not None and restore.sha256 == sha(b"human")


def test_what_someone_else_wrote_since_is_not_known(journal: Journal) -> None:
    wrote(journal, b"human", b"one")
    assert journal.previous(SIDECAR, sha(b"edited")) is None
    assert journal.previous(SIDECAR, None) is None


def test_what_someone_else_wrote_in_between_is_not_known(journal: Journal) -> None:
    wrote(journal, b"human", b"one")
    wrote(journal, b"one edited", b"two")
    assert journal.previous(SIDECAR, sha(b"two")) is None


def test_a_file_put_back_by_hand_has_nothing_to_restore(journal: Journal) -> None:
    wrote(journal, b"human", b"one")
    assert journal.previous(SIDECAR, sha(b"human")) == Restore(sha(b"human"), None)


def test_a_file_put_back_by_hand_and_written_again_goes_back(journal: Journal) -> None:
    wrote(journal, b"human", b"one")
    wrote(journal, b"human", b"two")
    assert restored(journal.previous(SIDECAR, sha(b"two"))) == b"human"


def test_a_sidecar_deleted_by_hand_has_nothing_to_restore(journal: Journal) -> None:
    wrote(journal, None, b"one")
    assert journal.previous(SIDECAR, None) == Restore(None, None)


def test_a_file_never_written_has_nothing_to_restore(journal: Journal) -> None:
    assert journal.previous(SIDECAR, "x") == Restore("x", None)


def test_an_intent_never_placed_does_no_harm(journal: Journal) -> None:
    wrote(journal, b"human", b"one", tags=("one",))
    intended(journal, b"one", b"two", tags=("two",))
    assert restored(journal.previous(SIDECAR, sha(b"one"))) == b"human"
    assert journal.base(MEDIA).tags == ("one",)
    wrote(journal, b"one", b"three", tags=("three",))
    assert restored(journal.previous(SIDECAR, sha(b"three"))) == b"human"
    assert [entry.after_sha256 for entry in journal.entries()] == [sha(b"one"), sha(b"three")]


def test_D1_a_write_that_was_made_before_the_kill_can_be_taken_back(journal: Journal) -> None:
    intended(journal, b"human", b"one", tags=("one",))
    assert restored(journal.previous(SIDECAR, sha(b"one"))) == b"human"
    assert journal.recover(lambda _: sha(b"one")) == 1
    assert journal.base(MEDIA).tags == ("one",)
    assert restored(journal.previous(SIDECAR, sha(b"one"))) == b"human"


def test_D1_a_write_that_was_not_made_before_the_kill_is_forgotten(journal: Journal) -> None:
    intended(journal, None, b"one")
    assert journal.recover(lambda _: None) == 0
    assert journal.entries() == []


def test_D1_a_write_of_which_nobody_knows_is_not_believed(journal: Journal) -> None:
    intended(journal, b"human", b"one", tags=("one",))
    assert journal.recover(lambda _: "something else") == 0
    assert journal.base(MEDIA) == Ours()
    assert journal.previous(SIDECAR, "something else") is None


def test_the_next_write_proves_the_one_before(journal: Journal) -> None:
    intended(journal, b"human", b"one", tags=("one",))
    intended(journal, b"one", b"two", tags=("two",))
    assert [entry.placed for entry in journal.entries()] == [True, False]
    assert journal.base(MEDIA).tags == ("one",)


def test_D1_an_intent_is_on_disk_before_the_file_may_change(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    intended(journal, None, b"one")
    assert not database.connection.in_transaction
    with open_writable(tmp_path / "state.db", STATE) as other:
        assert other.rows("SELECT state FROM journal") == [("intended",)]


def test_base_joins_what_was_last_written_into_each_file(journal: Journal) -> None:
    wrote(journal, None, b"1", tags=("old",), caption="old")
    wrote(journal, b"1", b"2", tags=("red", "dog"), removed=("cat",))
    wrote(journal, b"1", b"2", MEDIA, tags=("dog", "sky"), copied=("Oma",), caption="A dog")
    expected = Ours(("red", "dog", "sky"), ("Oma",), ("cat",), "A dog", None)
    assert journal.base(MEDIA) == expected
    assert journal.base(Path("/hot/other.jpg")) == Ours()
    assert journal.base(MEDIA, MEDIA) == Ours(("dog", "sky"), ("Oma",), (), "A dog", None)


def test_entries_are_chosen_by_file_folder_run_and_model(journal: Journal) -> None:
    paths = [Path("/hot/a"), Path("/hot/a/b.jpg"), Path("/hot/a0"), Path("/hot/c.jpg")]
    for number, path in enumerate(paths):
        run, model = f"run{number % 2}", f"model{number // 2}"
        journal.intend(run, model, path, [change(None, b"x", Path(f"{path}.xmp"))])

    def chosen(**wanted: object) -> list[int]:
        return [paths.index(entry.path) for entry in journal.entries(**wanted)]  # type: ignore[arg-type]

    assert chosen() == [0, 1, 2, 3]
    assert chosen(paths=[Path("/hot/a")]) == [0, 1]
    assert chosen(paths=[Path("/hot"), Path("/hot/a")]) == [0, 1, 2, 3]
    assert chosen(paths=[Path("/")]) == [0, 1, 2, 3]
    assert chosen(run="run1") == [1, 3]
    assert chosen(model="model1", run="run0") == [2]
    assert chosen(paths=[]) == []


def test_what_was_taken_back_is_forgotten(journal: Journal) -> None:
    wrote(journal, b"human", b"one")
    journal.forget(SIDECAR)
    assert journal.entries() == []
    assert journal.base(MEDIA) == Ours()


def test_pruning_drops_the_oldest_bytes_and_keeps_the_words(journal: Journal) -> None:
    for number in range(6):
        target = Path(f"/hot/{number}.xmp")
        wrote(journal, os.urandom(400_000), b"x%d" % number, target, tags=(str(number),))
    assert journal.prune(1) == 4
    assert journal.prune(1) == 0
    known = [journal.previous(Path(f"/hot/{n}.xmp"), sha(b"x%d" % n)) is not None for n in range(6)]
    assert known == [False] * 4 + [True] * 2
    assert journal.base(MEDIA).tags == tuple("012345")


def test_pruning_spares_created_files_which_need_no_bytes(journal: Journal) -> None:
    wrote(journal, None, b"one")
    assert journal.prune(0) == 0
    assert journal.previous(SIDECAR, sha(b"one")) == Restore(None, None)


def test_H9_targets_that_are_no_text_are_kept(journal: Journal) -> None:
    strange = Path(os.fsdecode(b"/hot/\xff\n.xmp"))
    wrote(journal, b"human", b"one", strange)
    assert restored(journal.previous(strange, sha(b"one"))) == b"human"
    assert journal.entries()[0].target == strange


def test_a_run_is_noted_once(journal: Journal, database: Database) -> None:
    journal.started("run1", "2024", "builtin", "m1")
    journal.started("run1", "2025", "builtin", "m1")
    assert database.rows("SELECT * FROM runs") == [("run1", "2024", "builtin", "m1")]


SAID = Description(
    caption={"en": "A dog"},
    tags=(Tag("dog", "builtin", {"hi": "कुत्ता"}),),
    look=Look((), (Fact("a", True, "rule"), Fact("b", 2, "rule"), Fact("c", 0.5, "rule"))),
)


def test_a_description_is_kept(database: Database) -> None:
    descriptions = Descriptions(database)
    assert descriptions.get("k") is None
    descriptions.put("k", Description(), Stats())
    descriptions.put("k", SAID, Stats({"look": 0.5}, Tokens(7, 3)))
    assert descriptions.get("k") == (SAID, Stats({"look": 0.5}, Tokens(7, 3)))


@pytest.mark.parametrize("text", ["", "{", '{"tags": 1}', "null"])
def test_D11_a_description_that_makes_no_sense_is_computed_again(
    database: Database, text: str
) -> None:
    descriptions = Descriptions(database)
    descriptions.put("k", SAID, Stats())
    database.execute("UPDATE descriptions SET description = ?", (text,))
    assert descriptions.get("k") is None


def test_only_the_latest_writes_are_taken_back(journal: Journal) -> None:
    wrote(journal, b"human", b"one", tags=("one",))
    wrote(journal, b"one", b"two", tags=("two",))
    latest = journal.entries()[-1].id
    assert restored(journal.previous(SIDECAR, sha(b"two"), oldest=latest)) == b"one"
    journal.forget(SIDECAR, oldest=latest)
    assert journal.base(MEDIA).tags == ("one",)
    assert restored(journal.previous(SIDECAR, sha(b"one"))) == b"human"
