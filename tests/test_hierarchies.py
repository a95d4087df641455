"""Keywords of ours with a place in a hierarchy: in all three properties, and out of them again."""

import subprocess
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from metadata import sidecar
from metadata.asset import Stat
from metadata.change import Ours, Rules, Write
from metadata.description import Description, Tag
from metadata.fields import HIERARCHY, KEYWORDS, SUBJECT, TAGS_LIST, writable
from metadata.keywords import Keywords, merged, stand
from metadata.mirror import mirror, mirrored
from metadata.packet import packet
from metadata.plain import plain
from metadata.presets import STILLS
from metadata.spelling import same
from tests.sidecars import SMALL, Desk, desk, exiftool, foreign, named

__all__ = ["desk", "exiftool"]

ABOVE = ("Animal", "AI", "Mood")
NOTHING: Keywords = {name: [] for name in KEYWORDS}
DOG = Tag("Dog", "builtin", {"es": "perro"}, ("Animal",))
CALM = Tag("mood calm", "builtin", {}, ("AI", "Mood"), ("",))
SAID = replace(SMALL, tags=(Tag("red", "builtin"), DOG, CALM))
WRITTEN = {
    "Subject": ["red", "Dog", "mood calm"],
    "HierarchicalSubject": ["red", "Animal|Dog", "AI|Mood|mood calm"],
    "TagsList": ["red", "Animal/Dog", "AI/Mood/mood calm"],
}
STEPS = st.lists(st.sampled_from(["a", "P", "Q", "Ulm", "x"]), min_size=1, max_size=3, unique=True)
FOUND = st.fixed_dictionaries(
    {
        SUBJECT: st.lists(st.sampled_from(["a", "P", "x", "Ulm"]), unique=True),
        HIERARCHY: st.lists(STEPS.map("|".join), unique=True),
        TAGS_LIST: st.lists(STEPS.map("/".join), unique=True),
    }
)
NEW = st.lists(
    STEPS.map(lambda steps: Tag(steps[-1], "builtin", above=tuple(steps[:-1]))),
    unique_by=lambda tag: tag.name,
)


def found(subject: str = "", hierarchy: str = "", tags_list: str = "") -> Keywords:
    return {SUBJECT: subject.split(), HIERARCHY: hierarchy.split(), TAGS_LIST: tags_list.split()}


def merge(
    current: Keywords, base: Ours, *new: Tag, behind: Keywords = NOTHING
) -> tuple[Keywords, Ours]:
    return merged(current, stand(current, base, True, behind), base, new)


def taken_back(current: Keywords, base: Ours) -> Keywords:
    return merged(current, stand(current, base, True, NOTHING), base, (), copy=False)[0]


def rewritten(found: Keywords) -> Keywords:
    """Do what darktable does: the plain words are all the steps of all the paths, in order."""
    steps = {step for entry in found[HIERARCHY] for step in entry.split("|")}
    return {**found, SUBJECT: sorted(steps), HIERARCHY: sorted(found[HIERARCHY])}


@given(current=FOUND, behind=FOUND, new=NEW)
def test_no_word_of_a_humans_is_changed_and_the_second_time_nothing_is(
    current: Keywords, behind: Keywords, new: list[Tag]
) -> None:
    after, ours = merge(current, Ours(), *new, behind=behind)
    for name in KEYWORDS:
        assert after[name][: len(current[name])] == current[name]
    assert merge(after, ours, *new, behind=behind) == (after, ours)


@given(current=FOUND, new=NEW)
def test_taking_ours_back_leaves_what_was_there(current: Keywords, new: list[Tag]) -> None:
    assert taken_back(*merge(current, Ours(), *new)) == current


@given(current=FOUND, new=NEW)
def test_after_darktable_nothing_is_doubled_and_ours_can_be_taken_back(
    current: Keywords, new: list[Tag]
) -> None:
    human = rewritten(merge(current, Ours())[0])
    after, ours = merge(human, Ours(), *new)
    again, then = merge(rewritten(after), ours, *new)
    assert again == rewritten(after)
    assert {same(tag) for tag in then.tags} == {same(tag) for tag in ours.tags}
    left = taken_back(again, then)
    assert {name: sorted(left[name]) for name in KEYWORDS} == {n: sorted(human[n]) for n in human}


@given(current=FOUND, first=NEW, then=NEW)
def test_a_word_that_moves_stands_at_its_new_place_only(
    current: Keywords, first: list[Tag], then: list[Tag]
) -> None:
    after, ours = merge(current, Ours(), *first)
    moved = merge(after, ours, *then)
    assert {n: sorted(words) for n, words in moved[0].items()} == {
        n: sorted(words) for n, words in merge(current, Ours(), *then)[0].items()
    }


def test_a_path_taken_out_of_one_field_takes_the_word_out_of_all() -> None:
    after, ours = merge(NOTHING, Ours(), DOG)
    assert after == found("Dog", "Animal|Dog", "Animal/Dog")
    assert ours.paths == ("Animal|Dog",) and ours.above == ("Animal",)
    for name in KEYWORDS:
        again, then = merge({**after, name: []}, ours, DOG)
        assert again == NOTHING and then.removed == ("Dog",) and not then.above


def test_a_humans_own_place_for_the_word_wins() -> None:
    after, ours = merge(found("", "Pets|dog", ""), Ours(), DOG)
    assert after == found("dog", "Pets|dog", "Pets/dog") and ours.tags == ()


def test_a_word_of_ours_that_a_human_moved_is_theirs() -> None:
    _, ours = merge(NOTHING, Ours(), DOG)
    moved = found("Dog", "Pets|Dog", "Animal/Dog")
    after, then = merge(moved, ours, DOG)
    assert after == found("Dog", "Pets|Dog", "Pets/Dog") and then.tags == ()


def test_what_stands_above_is_a_humans_where_one_had_it_before() -> None:
    after, ours = merge(found("Animal"), Ours(), DOG)
    assert ours.above == ()
    again, then = merge(rewritten(after), ours, DOG)
    assert "Animal" in stand(again, then, True, NOTHING).human
    assert taken_back(again, then)[SUBJECT] == ["Animal"]


def test_what_stands_above_and_was_made_a_keyword_since_is_a_humans() -> None:
    _, ours = merge(NOTHING, Ours(), DOG)
    digikam = found("Animal Dog", "Animal Animal|Dog", "Animal Animal/Dog")
    assert "Animal" in stand(digikam, ours, True, NOTHING).human
    assert taken_back(digikam, ours)[TAGS_LIST] == ["Animal"]


def test_a_word_that_was_taken_out_is_not_left_because_it_stands_above_another() -> None:
    animal = Tag("Animal", "builtin")
    after, ours = merge(NOTHING, Ours(), animal, DOG)
    again, then = merge({**after, TAGS_LIST: ["Animal/Dog"]}, ours, animal, DOG)
    assert again == found("Dog", "Animal|Dog", "Animal/Dog") and then.removed == ("Animal",)


def test_ours_is_spelled_anew_and_what_another_spelled_is_left() -> None:
    after, ours = merge(NOTHING, Ours(), Tag("red", "builtin"), Tag("dog", "builtin"))
    spelled = merge(after, ours, Tag("Red", "builtin"), Tag("dog", "builtin"))[0]
    assert spelled == found("Red dog", "Red dog", "Red dog")
    renamed = merge(after, ours, Tag("crimson", "builtin"), Tag("dog", "builtin"))[0]
    assert renamed == found("crimson dog", "crimson dog", "crimson dog")
    human = {name: ["RED", "dog"] for name in KEYWORDS}
    assert merge(human, ours, Tag("Red", "builtin"), Tag("dog", "builtin"))[0] == human


def test_additions_take_up_no_room_and_go_with_their_word() -> None:
    tags = [Tag(f"tag {number}", "builtin") for number in range(30)]
    more = [Tag(f"palabra {number}", "builtin", said=("", f"tag {number}")) for number in range(30)]
    _, ours = merge(NOTHING, Ours(removed=("tag 1",)), *tags, *more)
    assert len([tag for tag in ours.tags if tag.startswith("tag")]) == 25
    assert [tag for tag in ours.tags if tag.startswith("palabra")] == [
        f"palabra {number}" for number in (0, *range(2, 26))
    ]


def test_it_is_mirrored_and_read_back_exactly() -> None:
    tags = (
        DOG,
        CALM,
        replace(DOG, name="Hund", said=("hound", "puppy")),
        Tag("rojo", "x", said=("", "red")),
    )
    said = writable(Description(tags=tags))
    ours = Ours(
        tags=tuple(tag.name for tag in tags),
        paths=("Animal|Dog", "AI|Mood|mood calm", "Animal|Hund"),
        above=("Animal", "AI", "Mood"),
        copied=(f"{SUBJECT}=Oma",),
    )
    back = plain(packet(mirrored(said, ours, "sha256:1")))
    read = mirror(back or {})
    assert read and read.said.tags == tags and read.ours == ours


def test_the_sidecar_is_spelled_without_exiftool_and_stands_still(desk: Desk) -> None:
    record = desk.write(SAID)
    assert record.description.tags == SAID.tags
    assert desk.words() == WRITTEN
    assert b"<x:xmpmeta xmlns:x='adobe:ns:meta/' x:xmptk='captiond" in desk.sidecar.read_bytes()
    assert desk.prepare(SAID).changes == ()


def test_another_tools_write_keeps_it(desk: Desk) -> None:
    desk.write(SAID)
    desk.edit("-XMP-xmp:Rating=4")
    assert desk.read().description.tags == SAID.tags
    assert desk.prepare(SAID).changes == ()
    desk.edit("-XMP-digiKam:TagsList-=Animal/Dog")
    assert named(desk.write(SAID), "builtin") == ["red", "mood calm"]
    assert desk.words()["HierarchicalSubject"] == ["red", "AI|Mood|mood calm"]


def test_what_darktable_adds_is_ours_and_goes_with_ours(desk: Desk) -> None:
    desk.sidecar.write_bytes(foreign("Oma", caption=False))
    desk.write(SAID)
    words = ["AI", "Animal", "Dog", "Mood", "Oma", "mood calm", "red"]
    desk.edit("-XMP-dc:Subject=", path=desk.sidecar)
    desk.edit(*(f"-XMP-dc:Subject={word}" for word in words))
    assert named(desk.read()) == ["Oma"]
    assert desk.prepare(SAID).changes == ()
    desk.write(replace(SAID, tags=(replace(DOG, above=("Pets",)),)))
    assert desk.words() == {
        "Subject": ["Dog", "Oma"],
        "HierarchicalSubject": ["Oma", "Pets|Dog"],
        "TagsList": ["Oma", "Pets/Dog"],
    }
    desk.strip()
    assert desk.words() == {"Subject": ["Oma"], "HierarchicalSubject": [], "TagsList": []}


def test_a_word_taken_out_stays_away_under_any_other_name(desk: Desk) -> None:
    desk.write(replace(SMALL, tags=(replace(DOG, name="Hund", said=("dog",)),)))
    subprocess.run(
        ["exiftool", "-q", "-overwrite_original", "-XMP-dc:Subject-=Hund", desk.sidecar], check=True
    )
    desk.write(replace(SMALL, tags=(DOG,)))
    assert desk.words() == {"Subject": [], "HierarchicalSubject": [], "TagsList": []}


def test_what_lightroom_adds_inside_a_picture_is_ours_in_iptc_as_well(desk: Desk) -> None:
    desk.edit("-IPTC:Keywords=Oma", path=desk.asset.path)
    desk.rules = Rules(write=Write.EMBED, embeds=STILLS)
    seen_again(desk)
    for change in desk.prepare(SAID).changes:
        sidecar.place(change)
    added = [f"-{field}+={word}" for field in ("XMP-dc:Subject", "IPTC:Keywords") for word in ABOVE]
    desk.edit(*added, path=desk.asset.path)
    seen_again(desk)
    assert desk.prepare(SAID).changes == ()
    assert named(desk.read()) == ["Oma"]
    base = desk.base
    prepared = sidecar.strip(desk.exiftool, desk.asset, desk.asset.path, base, (), desk.rules)
    for change in prepared.changes:
        sidecar.place(change)
    found = desk.exiftool.read([desk.asset.path], ("-XMP:all", "-IPTC:Keywords"))[0]
    assert found["IPTC:Keywords"] == "Oma" and not any(found.get(name) for name in KEYWORDS)


def seen_again(desk: Desk) -> None:
    desk.asset = replace(desk.asset, stat=Stat.of(desk.asset.path.stat()))
