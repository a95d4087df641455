import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from metadata.asset import Stat
from metadata.database import Damaged
from metadata.description import (
    Code,
    Colour,
    Description,
    Fact,
    Look,
    Provenance,
    Record,
    Sentiment,
    Spoken,
    Tag,
    TextLine,
    Video,
    Written,
)
from metadata.index import Index
from metadata.search import IndexReader, Query
from tests.catalogued import asset, record

FULL = Record(
    asset("a.mp4", duration_s=1.5, latitude=48.2, longitude=16.4, companion="a.heic"),
    Description(
        caption={"en": "A dog", "hi": "एक कुत्ता"},
        alt={"en": "dog"},
        tags=(Tag("dog", "builtin", {"de": "Hund"}), Tag("Oma", "human")),
        sentiment=Sentiment("positive", 0.5, ("calm",), {"en": "It is calm."}),
        text=(TextLine("BYE", None, 1.0),),
        codes=(Code("http://x", "QR"),),
        transcript=(Spoken(0.0, 1.0, "en", "hello"),),
        look=Look((Colour("red", 0.5, "#ff0000"),), (Fact("blurry", False, "measured", 0.9),)),
        video=Video(25.0, True, 3, (0.5, 1.0)),
        provenance={"caption": Provenance("builtin", "builtin@1", None, "2024", "r1")},
    ),
    (Written("sidecar", "/hot/a.mp4.xmp"),),
)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    with Index.open(tmp_path / "index.db") as index:
        yield index


def found(index_path: Path, words: str) -> list[str]:
    with IndexReader.open(index_path) as reader:
        return [hit.asset.path.name for hit in reader.find(Query(words=words))]


def test_a_record_comes_back_as_it_was(index: Index) -> None:
    index.write([FULL])
    assert index.get(FULL.asset.path) == FULL
    assert list(index.records()) == [FULL]
    assert index.get(Path("/hot/none.jpg")) is None


def test_H9_a_path_that_is_no_text_is_kept(index: Index) -> None:
    strange = record(os.fsdecode(b"a\xff\n\xe2\x80\xae%41.jpg"), "red")
    stat = Stat(2**63 + 5, 2**64 - 1, 3, 4, 5)
    strange = replace(strange, asset=replace(strange.asset, stat=stat))
    index.write([strange])
    assert index.get(strange.asset.path) == strange
    assert list(index.paths()) == [strange.asset.path]


def test_writing_again_replaces_and_keeps_the_id(index: Index, tmp_path: Path) -> None:
    index.write([record("a.jpg", "red"), record("b.jpg", "red")])
    index.write([record("a.jpg", "blue")])
    assert index.count() == 2
    assert found(tmp_path / "index.db", "red") == ["b.jpg"]
    assert found(tmp_path / "index.db", "") == ["b.jpg", "a.jpg"]
    with IndexReader.open(tmp_path / "index.db") as reader:
        assert [each.word for each in reader.keywords()] == ["blue", "red"]


def test_writing_the_same_again_writes_nothing(index: Index, tmp_path: Path) -> None:
    index.write([FULL])
    before = (tmp_path / "index.db-wal").stat().st_size
    index.write([FULL])
    assert (tmp_path / "index.db-wal").stat().st_size == before


def test_a_batch_is_written_whole_or_not_at_all(index: Index) -> None:
    broken = record("b.jpg", caption={"en": object()})
    with pytest.raises(TypeError):
        index.write([record("a.jpg"), broken])
    assert index.count() == 0


def test_removed_assets_are_not_found(index: Index, tmp_path: Path) -> None:
    index.write([record("a.jpg", "red"), record("b.jpg", "red")])
    index.remove([Path("/hot/a.jpg"), Path("/hot/never.jpg")])
    assert found(tmp_path / "index.db", "red") == ["b.jpg"]
    with IndexReader.open(tmp_path / "index.db") as reader:
        assert reader.find(Query(tag=("red",)))[0].asset.path.name == "b.jpg"


def test_a_renamed_asset_keeps_its_id_and_is_found_by_its_new_name(
    index: Index, tmp_path: Path
) -> None:
    index.write([record("a.jpg", "red"), record("b.jpg", "red")])
    index.rename(Path("/hot/a.jpg"), Path("/hot/holiday.jpg"))
    index.rename(Path("/hot/never.jpg"), Path("/hot/b.jpg"))
    assert found(tmp_path / "index.db", "") == ["b.jpg", "holiday.jpg"]
    assert found(tmp_path / "index.db", "holiday") == ["holiday.jpg"]
    assert index.get(Path("/hot/a.jpg")) is None


def test_a_file_renamed_over_another_takes_its_place(index: Index, tmp_path: Path) -> None:
    index.write([record("a.jpg", "red"), record("b.jpg", "blue")])
    index.rename(Path("/hot/a.jpg"), Path("/hot/b.jpg"))
    assert index.count() == 1
    assert found(tmp_path / "index.db", "red") == ["b.jpg"]
    assert found(tmp_path / "index.db", "blue") == []


def test_a_rebuild_forgets_only_what_was_not_written_again(index: Index, tmp_path: Path) -> None:
    index.write([record("a.jpg", "red"), record("b.jpg", "red"), record("c.jpg", "red")])
    index.begin_rebuild()
    index.write([record("b.jpg", "red")])
    assert len(found(tmp_path / "index.db", "red")) == 3
    index.write([record("d.jpg", "red")])
    index.end_rebuild()
    assert found(tmp_path / "index.db", "") == ["d.jpg", "b.jpg"]


def test_clear_forgets_everything(index: Index, tmp_path: Path) -> None:
    index.write([FULL])
    index.clear()
    assert index.count() == 0
    assert found(tmp_path / "index.db", "dog") == []


def test_P8_an_index_built_anew_from_its_records_finds_the_same(tmp_path: Path) -> None:
    records = [record(f"{n}.jpg", f"tag{n % 7}", caption={"en": f"word{n % 5}"}) for n in range(50)]
    with Index.open(tmp_path / "one.db") as one, Index.open(tmp_path / "two.db") as two:
        one.write(records)
        two.write(list(one.records()))
        assert list(one.records()) == list(two.records())
    assert found(tmp_path / "one.db", "word3") == found(tmp_path / "two.db", "word3")


def test_D11_a_damaged_index_is_begun_anew_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with Index.open(path) as index:
        assert index.fresh
        index.write([record(f"{n}.jpg", "red") for n in range(300)])
    broken = bytearray(path.read_bytes())
    broken[4096:8192] = os.urandom(4096)
    path.write_bytes(broken)
    with Index.open(path) as index:
        assert index.fresh
        assert index.aside == tmp_path / "index.db.aside-1"
        index.write([FULL])
        assert index.count() == 1


def test_D11_a_record_that_makes_no_sense_is_reported(index: Index, tmp_path: Path) -> None:
    index.write([FULL])
    connection = sqlite3.connect(tmp_path / "index.db")
    connection.execute("UPDATE records SET record = '{\"asset\": 1}'")
    connection.commit()
    connection.close()
    with pytest.raises(Damaged, match=r"index\.db: is damaged .*captiond reindex"):
        index.get(FULL.asset.path)


def test_D11_damaged_word_lists_are_made_anew_by_a_rebuild(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    records = [record(f"{n}.jpg", f"tag{n}") for n in range(50)]
    with Index.open(path) as index:
        index.write(records)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE words_data SET block = zeroblob(length(block)) WHERE id > 10")
    connection.commit()
    connection.close()
    assert found(path, "tag7") == []
    with Index.open(path) as index:
        index.begin_rebuild()
        index.write(records)
        index.end_rebuild()
    assert found(path, "tag7") == ["7.jpg"]
