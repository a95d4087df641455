"""The three-way merge: no word of a human's is lost, none that was removed returns."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from metadata.change import Ours, Rules
from metadata.description import Description, Tag
from metadata.fields import KEYWORDS, Properties
from metadata.keywords import Keywords, keywords, merged, stand
from metadata.merge import Base, Behind, base_of, caption, human_caption, wanted
from metadata.mirror import mirrored
from metadata.sides import Said, sides, xmp
from metadata.spelling import same

SUBJECT, HIERARCHY, TAGS_LIST = KEYWORDS
NOTHING: Keywords = {name: [] for name in KEYWORDS}
WORD = st.sampled_from(["a", "B", "b", "c d", "24/7", "p|q", "é", "TRUE", "x"])
PATH = st.lists(st.sampled_from(["a", "Ort", "Ulm", "x"]), min_size=1, max_size=3)
FOUND = st.fixed_dictionaries(
    {
        SUBJECT: st.lists(WORD, unique=True),
        HIERARCHY: st.lists(PATH.map("|".join), unique=True),
        TAGS_LIST: st.lists(PATH.map("/".join), unique=True),
    }
)
NEW = st.lists(st.sampled_from(["a", "b", "red", "Ulm", "new"]), unique=True)


def found(subject: str = "", hierarchy: str = "", tags_list: str = "") -> Keywords:
    return {SUBJECT: subject.split(), HIERARCHY: hierarchy.split(), TAGS_LIST: tags_list.split()}


def tag(entry: str) -> Tag:
    """Make a tag of ours, given with its place in a hierarchy."""
    *above, name = entry.split("|")
    return Tag(name, "builtin", above=tuple(above))


def merge(
    current: Keywords, base: Ours, new: list[str], behind: Keywords = NOTHING, whole: bool = True
) -> tuple[Keywords, Ours]:
    return merged(current, stand(current, base, whole, behind), base, map(tag, new))


@given(current=FOUND, behind=FOUND, new=NEW)
def test_no_word_of_a_humans_is_changed_and_the_second_time_nothing_is(
    current: Keywords, behind: Keywords, new: list[str]
) -> None:
    after, ours = merge(current, Ours(), new, behind)
    for name in KEYWORDS:
        assert after[name][: len(current[name])] == current[name]
    assert merge(after, ours, new, behind) == (after, ours)


@given(current=FOUND, behind=FOUND, new=NEW)
def test_every_word_can_be_found_in_every_property(
    current: Keywords, behind: Keywords, new: list[str]
) -> None:
    after, _ = merge(current, Ours(), new, behind)
    for word in [*current[SUBJECT], *behind[SUBJECT], *new]:
        for name, separator in KEYWORDS.items():
            entries = {same(entry) for entry in after[name]}
            steps = {
                same(s) for e in after[name] for s in (e.split(separator) if separator else [e])
            }
            assert same(word) in entries | steps


@given(current=FOUND, behind=FOUND, new=NEW)
def test_taking_ours_back_leaves_what_was_there(
    current: Keywords, behind: Keywords, new: list[str]
) -> None:
    after, ours = merge(current, Ours(), new, behind)
    standing = stand(after, ours, True, behind)
    assert merged(after, standing, ours, (), copy=False)[0] == current


@given(current=FOUND, new=NEW, taken=st.data())
def test_a_word_of_ours_that_is_taken_out_anywhere_stays_away(
    current: Keywords, new: list[str], taken: st.DataObject
) -> None:
    after, ours = merge(current, Ours(), new)
    if not ours.tags:
        return
    word = taken.draw(st.sampled_from(ours.tags))
    name = taken.draw(st.sampled_from(list(KEYWORDS)))
    edited = {**after, name: [each for each in after[name] if each != word]}
    again, ours = merge(edited, ours, new)
    assert not any(word in again[each] for each in KEYWORDS)
    assert word in ours.removed and merge(again, ours, new) == (again, ours)


def test_a_property_that_a_tool_dropped_is_no_removal_unless_ours_is_intact() -> None:
    base = Ours(tags=("red",))
    dropped = found("red", "red", "")
    assert stand(dropped, base, whole=False, behind=NOTHING).ours == ("red",)
    assert stand(dropped, base, whole=True, behind=NOTHING).ours == ()


def test_a_word_that_a_human_put_into_a_hierarchy_is_not_doubled() -> None:
    base = Ours(tags=("red",))
    after, ours = merge(found("red", "Colours|red", "red"), base, ["red"])
    assert after == found("red", "Colours|red", "Colours/red")
    assert ours.tags == ()


def test_the_last_trace_of_a_humans_words_is_kept() -> None:
    after, ours = merge(NOTHING, Ours(), [], found("Oma", "Ort|Ulm"))
    again, _ = merge(after, ours, [], NOTHING)
    assert again == after


def test_words_removed_before_stay_out_of_a_new_sidecar() -> None:
    base = base_of({}, Ours(tags=("red",), removed=("blue",)))
    after, ours = merge(NOTHING, base.ours, ["red", "Blue"], whole=base.whole)
    assert after[SUBJECT] == ["red"] and ours.removed == ("blue",)


def ours_in(caption: str | None = None, copied: str | None = None) -> Base:
    return Base(Ours(caption=caption, copied_caption=copied), whole=True)


def described(text: str | None) -> Properties:
    return {"XMP-dc:Description-x-default": text} if text else {}


def test_the_caption_by_cases() -> None:
    cases = [
        # there now, ours, copied, behind, new -> stands, ours, copied
        ((None, None, None, None, "N"), ("N", "N", None)),
        (("B", "B", None, None, "N"), ("N", "N", None)),
        (("H", "B", None, None, "N"), ("H", None, None)),
        ((None, "B", None, None, "N"), (None, "B", None)),
        ((None, None, None, "E", "N"), ("E", None, "E")),
        (("B", "B", None, "E", "N"), ("E", None, "E")),
        (("E", None, "E", "E2", "N"), ("E2", None, "E2")),
        (("E", None, "E", None, "N"), ("E", None, "E")),
        ((None, None, "E", "E", "N"), (None, None, "E")),
        (("H", None, None, "E", "N"), ("H", None, None)),
        (("H", None, None, "H", None), ("H", None, None)),
        (("B", "B", None, None, None), (None, None, None)),
    ]
    for (stands, ours, copied, behind, new), expected in cases:
        found = caption(described(stands), ours_in(ours, copied), behind, new)
        assert (found.text, found.ours, found.copied) == expected, (stands, ours, copied, behind)


def test_a_humans_caption_in_another_property_or_language() -> None:
    base = Base()
    assert human_caption({"XMP-dc:Description-de": "Oma"}, base, None) == "Oma"
    assert human_caption({"XMP-tiff:ImageDescription-x-default": "Oma"}, base, None) == "Oma"
    junk: Properties = {"XMP-tiff:ImageDescription-x-default": "SONY DSC"}
    assert human_caption(junk, base, None) is None


def test_what_captiond_embedded_is_not_behind() -> None:
    said = Description(tags=(Tag("red", "builtin"),))
    ours = Ours(tags=("red",), caption="Ours.")
    media: Properties = {**mirrored(said, ours, "c"), SUBJECT: ["red", "Oma"], **described("Ours.")}
    found = sides(media, [Said(None, {}), xmp(Path("a.jpg"), media)], Ours())
    behind = found.behind(0)
    assert behind.caption is None and behind.keywords[SUBJECT] == ["Oma"]


def test_iptc_words_count_as_plain_ones() -> None:
    media: Properties = {"IPTC:Keywords": ["Oma", "oma", "2024"], SUBJECT: "Oma"}
    assert keywords(media)[SUBJECT] == ["Oma", "2024"]


def test_an_alternative_text_that_a_human_changed_stays() -> None:
    old, new = Description(alt={"en": "old"}), Description(alt={"en": "new"})
    name = "XMP-iptcCore:AltTextAccessibility"
    current: Properties = {f"{name}-en": "theirs", f"{name}-x-default": "old"}
    base = Base(Ours(), old, whole=True)
    merge = wanted(current, Behind(), base, new, "c", Rules())
    assert merge.properties[f"{name}-en"] == "theirs"
    assert merge.properties[f"{name}-x-default"] == "new"
    assert merge.properties["XMP-captiond:Alt-en"] == "new"
