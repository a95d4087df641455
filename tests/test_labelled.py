"""The labelled set: drawn alike every time, large enough, free of contradictions, judged well."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bench.labelled.everything import passages, stills
from bench.labelled.example import Example, Painted, Printed
from bench.labelled.headers import SEASONS
from bench.labelled.places import towns
from bench.labelled.scripts import SCRIPTS, missing
from bench.labelled.sun import sun_height
from bench.labelled.words_for import WORDS, core, painted
from bench.quality.bound import lower, upper
from bench.quality.forbidden import found, words
from bench.quality.judging import JUDGES, Verdict, verdicts
from bench.quality.running import run
from bench.quality.tally import Row, tallied, write_claims, write_docs
from bench.quality.twinning import pairs
from daemon.engines.builtin.claims import measured
from metadata.description import Code, Colour, Description, Fact, Look, TextLine
from tests.paintings import work

ENOUGH = 150
YES_OR_NO = (
    "light:dark", "light:bright", "contrast:high", "contrast:low", "black_and_white:true",
    "black_and_white:false", "colourfulness:none", "colourfulness:vivid", "colourfulness:muted",
    "warmth:warm", "warmth:cool", "colour_mood:dark-muted", "colour_mood:dark-vivid",
    "colour_mood:bright-muted", "colour_mood:bright-vivid", "blurry:true", "blurry:false",
    "graphic:true", "aspect:panorama", "aspect:square", "animated:true", "screenshot:true",
    "document:true", "daylight:golden-hour", "daylight:night", "daylight:day", "photo",
    *(f"season:{season}" for season in SEASONS),
)  # fmt: skip
FOUND = ("code", "text", "place", "country", "lens", "pages", "transparent")


@pytest.fixture(scope="module")
def everything() -> list[Example]:
    return list(stills())


def counts(everything: list[Example]) -> Iterator[tuple[str, bool]]:
    for example in everything:
        for claim, truth in example.truths.items():
            if isinstance(truth, Painted):
                for word in WORDS:
                    if truth.surely.get(word, 0) >= 0.12:
                        yield f"colour:{word}", True
                    elif truth.possibly.get(word, 0) < 0.002:
                        yield f"colour:{word}", False
            else:
                yield claim, bool(truth)


def test_every_claim_has_enough_for_and_against_it(everything: list[Example]) -> None:
    counted = Counter(counts(everything))
    for claim in (*YES_OR_NO, *FOUND, *(f"colour:{word}" for word in WORDS)):
        assert counted[claim, True] >= ENOUGH, claim
        assert counted[claim, False] >= ENOUGH, claim
    if len(missing()) < len(SCRIPTS):
        assert counted["unread_text", True] >= ENOUGH
    assert counted["unread_text", False] >= ENOUGH


def test_there_are_texts_enough_in_a_language_and_in_none() -> None:
    told = list(passages())
    assert sum(passage.lang is not None for passage in told) >= ENOUGH
    assert sum(passage.lang is None for passage in told) >= 100
    tones = Counter(passage.tone for passage in told)
    assert min(tones[tone] for tone in ("positive", "negative", "neutral")) >= ENOUGH


def test_names_are_given_once_and_only_claims_that_are_judged(everything: list[Example]) -> None:
    names = [example.name for example in everything]
    assert len(names) == len(set(names))
    for example in everything:
        for claim, truth in example.truths.items():
            assert claim in JUDGES or claim == "near_duplicate" or isinstance(truth, bool), claim


def test_truths_do_not_contradict_each_other(everything: list[Example]) -> None:
    apart = (
        ("light:dark", "light:bright"), ("contrast:high", "contrast:low"),
        ("warmth:warm", "warmth:cool"), ("black_and_white:true", "black_and_white:false"),
        ("daylight:golden-hour", "daylight:night"), ("daylight:day", "daylight:night"),
        ("screenshot:true", "document:true"), ("blurry:true", "blurry:false"),
        ("colourfulness:vivid", "colourfulness:muted"),
    )  # fmt: skip
    for example in everything:
        assert not any(example.truths.get(a) and example.truths.get(b) for a, b in apart)
        assert sum(bool(example.truths.get(f"season:{s}")) for s in SEASONS) <= 1


def test_the_same_name_draws_the_same_bytes(everything: list[Example], tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    kinds = {example.kind: example for example in everything}
    for example in kinds.values():
        assert example.make(one).read_bytes() == example.make(other).read_bytes(), example.name


def test_a_sample_of_each_kind_goes_through_the_engine(
    everything: list[Example], tmp_path: Path
) -> None:
    sample = [
        next(e for e in everything if e.name.startswith(start))
        for start in ("colours-000", "lights-dark-0", "lights-grey", "headers-town", "names-shot")
    ]
    for example in sample:
        outcome = run(example, tmp_path)
        assert outcome.verdicts
        assert all(verdict.claimed == verdict.right for verdict in outcome.verdicts), outcome
        assert outcome.forbidden == ()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    # 0.05 ** (1 / n) where all were right; the others from tables of the F distribution.
    assert lower(60, 60) == pytest.approx(0.9513, abs=1e-4)
    assert lower(59, 59) == pytest.approx(0.9505, abs=1e-4)
    assert lower(95, 100) == pytest.approx(0.8977, abs=1e-4)
    assert lower(8, 10) == pytest.approx(0.4931, abs=1e-4)
    assert lower(0, 5) == lower(0, 0) == 0
    assert upper(0, 60) == pytest.approx(1 - 0.9513, abs=1e-4)
    assert upper(10, 10) == upper(0, 0) == 1


def test_the_core_of_every_word_is_that_word_and_no_other() -> None:
    chance = np.random.default_rng(1)
    for word in WORDS:
        for _ in range(20):
            told = painted(core(word, chance).reshape(1, 1, 3))
            assert told is not None
            assert told.surely == {word: 1.0}


def test_the_sun_stands_where_almanacs_have_it() -> None:
    # Greenwich at noon of the solstices: 90 - 51.48 ± 23.44; the north pole at the equinox.
    june = sun_height(datetime(2023, 6, 21, 12, 2, tzinfo=UTC), 51.48, 0)
    december = sun_height(datetime(2023, 12, 22, 11, 58, tzinfo=UTC), 51.48, 0)
    assert june == pytest.approx(61.96, abs=0.3)
    assert december == pytest.approx(15.08, abs=0.3)
    assert abs(sun_height(datetime(2023, 3, 20, 21, 24, tzinfo=UTC), 89.99, 0)) < 0.4


def test_the_towns_lie_all_over_the_world() -> None:
    known = towns()
    assert len(known) >= ENOUGH
    assert all(abs(town.latitude) < 70 and len(town.country) == 2 for town in known)
    assert sum(town.latitude < 0 for town in known) >= 40


def judged(claim: str, truth: object, said: Description) -> Verdict:
    example = Example("x", "x", lambda folder: folder, {claim: truth})  # type: ignore[dict-item]
    return next(v for v in verdicts(example, said) if v.claim == claim)


def test_a_line_is_right_when_its_words_stand_there_in_order() -> None:
    truth = ("Wet paint", "Mind the gap")
    for text, right in (("Mind the gap", 1), ("the gap", 1), ("gap the", 0), ("Wet Paint", 0)):
        verdict = judged("text", truth, Description(text=(TextLine(text),)))
        assert (verdict.claimed, verdict.right) == (1, right)
    assert judged("text", truth, Description()).found == 0
    nothing = judged("text", (), Description(text=(TextLine("oO0"),)))
    assert (nothing.negatives, nothing.claimed, nothing.right) == (1, 1, 0)


def test_a_colour_must_cover_at_least_half_of_what_is_claimed() -> None:
    truth = Painted({"red": 0.4}, {"red": 0.4, "pink": 0.1})
    claimed = tuple(Colour(name, share, "#000000") for name, share in (("red", 0.5), ("pink", 0.3)))
    said = Description(look=Look(claimed))
    example = Example("x", "x", lambda folder: folder, {"colour": truth})
    rights = {v.claim: v.right for v in verdicts(example, said) if v.claimed}
    assert rights["colour:red"] and not rights["colour:pink"]


def test_codes_count_by_value_and_type() -> None:
    truth = (Printed("4711", "QR Code"),)
    said = Description(codes=(Code("4711", "QR Code"), Code("4711", "Aztec")))
    verdict = judged("code", truth, said)
    assert (verdict.claimed, verdict.right, verdict.found) == (2, 1, 1)


def test_facts_are_judged_by_name_and_value() -> None:
    said = Description(look=Look(facts=(Fact("place", "Rome", "rule"), Fact("blurry", True, "x"))))
    assert judged("place", ("Rome", "Roma"), said).right == 1
    assert judged("place", (), said).claimed == 1 and judged("place", (), said).right == 0
    assert (
        judged("blurry:true", False, said).claimed and not judged("blurry:true", False, said).right
    )


def test_near_duplicates_are_judged_in_pairs() -> None:
    row = tallied([("x", pairs([("a", "0" * 16), ("a", "0" * 15 + "1"), ("b", "f" * 16)]))])
    total = row["near_duplicate"].total
    assert (total.positives, total.negatives, total.claimed, total.right) == (1, 2, 1, 1)


def test_words_that_must_not_be_said_are_found_but_not_in_quotes() -> None:
    asset = work(plain_picture()).asset
    for said, hits in (
        (Description(caption={"en": "Picture of a dog."}), 1),
        (Description(caption={"en": "Picture in mostly red, with the words “HOT DOG”."}), 0),
        (Description(alt={"de": "Bild: ein Hund"}), 1),
        (Description(caption={"ja": "犬の写真"}), 1),
        (Description(caption={"hi": "पैनोरमा आकार"}), 0),
    ):
        assert len(list(found(asset, said, words()))) == hits, said


def plain_picture() -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    return np.zeros((20, 20, 3), np.uint8)


def test_the_tables_are_updated_row_by_row(tmp_path: Path) -> None:
    table, page = tmp_path / "claims.tsv", tmp_path / "page.md"
    table.write_text("# claim\tbound\nblurry:true\t0.990\t1.000\t9\t1.000\t9\t9\n")
    page.write_text("# Title\n\n<!-- quality -->\nold\n<!-- /quality -->\n\nAfter.\n")
    total = Verdict("code", 60, 60, 60, 60, 60, 60)
    rows = {"code": Row(total), "none": Row(replace(total, claim="none", claimed=0, right=0))}
    write_claims(rows, table)
    write_docs(table, page)
    assert [line.split("\t")[0] for line in table.read_text().splitlines()] == [
        "# claim", "blurry:true", "code", "none",
    ]  # fmt: skip
    assert "\ncode\t0.951\t1.000\t60\t1.000\t60\t60\n" in table.read_text()
    text = page.read_text()
    assert "old" not in text and text.startswith("# Title") and text.endswith("After.\n")
    assert "| `code` | 60 | 60 | 60 | 1.000 | 0.951 | 1.000 | yes |" in text


def test_the_claims_that_are_written_down_are_claims_that_the_set_judges(
    everything: list[Example],
) -> None:
    from bench.labelled.clips import clips

    known = {claim for example in (*everything, *clips()) for claim in example.truths}
    known |= {"near_duplicate", *(f"colour:{word}" for word in WORDS)}
    assert set(measured()) <= known
