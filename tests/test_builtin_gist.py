"""What is chosen to be said of the facts, and the texts that are quoted."""

from typing import Any

import pytest

from daemon.engines.builtin.catalog import LANGUAGES, Catalog
from daemon.engines.builtin.gist import Gist, Kind, gist
from daemon.engines.builtin.keywords import keywords
from daemon.engines.builtin.quote import Quote, language, quote
from daemon.engines.builtin.say import say
from metadata.asset import MediaKind
from metadata.description import Code, Colour, Description, Fact, FactValue, Look, TextLine, Video
from tests.forbidden import forbidden
from tests.paintings import plain, work


@pytest.fixture(scope="module")
def english() -> Catalog:
    return Catalog.load("en")


def told(*lines: str, asset: dict[str, Any] | None = None, **facts: FactValue) -> Gist:
    """Sum up a picture, or what *asset* makes of it, with *facts* and *lines* of text."""
    said = Description(
        look=Look(facts=tuple(Fact(name, value, "measured") for name, value in facts.items())),
        text=tuple(TextLine(line) for line in lines),
    )
    return gist(work(plain((9, 9, 9)), **asset or {}).asset, said)


def filmed(sound: bool = True, **facts: FactValue) -> Gist:
    said = Description(
        look=Look(facts=tuple(Fact(name, value, "measured") for name, value in facts.items())),
        video=Video(25.0, sound, 3),
    )
    return gist(work(plain((9, 9, 9)), kind=MediaKind.VIDEO, duration_s=9.0).asset, said)


@pytest.mark.parametrize(
    ("lines", "quoted"),
    [
        ((), None),
        (("", "  \n", "\u202e"), None),
        (("BYE BYE", "CREDIT", "CARD", "DEBT"), Quote("BYE BYE CREDIT CARD DEBT", 4, True)),
        (("BYE", "BYE"), Quote("BYE BYE", 2, True)),
        (("a", "b", "c", "d", "e", "f", "g"), Quote("a b c d e f", 7, False)),
        (("x" * 60, "y" * 59), Quote(f"{'x' * 60} {'y' * 59}", 2, True)),
        (("x" * 60, "y" * 60), Quote("x" * 60, 2, False)),
        (("a word " * 30,), Quote("a word " * 8 + "a", 1, False)),
        (("x" * 121,), Quote("x" * 60, 1, False)),
        (("字" * 121,), Quote("字" * 60, 1, False)),
        (("e\u0301" * 70,), Quote("e\u0301" * 30, 1, False)),
        (("x" * 59 + "e\u0301" + "x" * 90,), Quote("x" * 59, 1, False)),
        (("\u0301" * 130,), Quote("\u0301" * 60, 1, False)),
    ],
)  # fmt: skip
def test_a_text_is_quoted_whole_or_from_its_beginning(
    lines: tuple[str, ...], quoted: Quote | None
) -> None:
    assert quote([TextLine(line) for line in lines], once=False) == quoted


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("“Fish” & «chips»", "“Fish” & «chips»"),
        ("{ $n } { kind } $x [one]", "{ $n } { kind } $x [one]"),
        ("one\ntwo\r\n\tthree\x00four", "one two three four"),
        ("a\u202eb\u2066c\u200f", "abc"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("क्\u200dष نمی\u200cشود", "क्\u200dष نمی\u200cشود"),
        ("-rf `x` $(y) \\n", "-rf `x` $(y) \\n"),
        ("no\u00a0break\u3000wide", "no break wide"),
        ("\ud800x", "x"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("tongue", LANGUAGES)
def test_P6_a_quoted_text_stays_intact_and_harmless(tongue: str, text: str, printed: str) -> None:
    texts = say(told(text), Catalog.load(tongue))
    assert printed in texts.caption
    assert printed in texts.alt
    texts.caption.encode()


def test_a_text_that_stands_long_in_a_video_is_quoted_once() -> None:
    lines = [TextLine("NEWS", at_s=1.0), TextLine("LIVE", at_s=1.0), TextLine("NEWS", at_s=9.0)]
    assert quote(lines, once=True) == Quote("NEWS LIVE", 2, whole=True)


@pytest.mark.parametrize(
    ("tongues", "agreed"),
    [((), None), ((None,), None), (("de", None, "de"), "de"), (("de", "en"), None)],
)
def test_the_language_of_a_text_is_told_where_its_lines_agree(
    tongues: tuple[str | None, ...], agreed: str | None
) -> None:
    assert language([TextLine("x", tongue) for tongue in tongues]) == agreed


@pytest.mark.parametrize(
    ("text", "words"), [("STOP", 1), ("BYE BYE", 2), ("don’t", 1), ("今日は休み", 2), ("ปิด", 2)]
)
def test_words_are_counted_where_they_are_separated(text: str, words: int) -> None:
    assert Quote(text, 1, whole=True).words == words


@pytest.mark.parametrize(
    ("item", "caption"),
    [
        (told(), "Picture."),
        (told(unread_text=3), "Picture, with text that could not be read."),
        (told("STOP", unread_text=3), "Picture, with the text “STOP”."),
        (told("BYE BYE"), "Picture, with the words “BYE BYE”."),
    ],
)
def test_text_that_was_not_looked_for_is_not_mentioned(
    item: Gist, caption: str, english: Catalog
) -> None:
    assert say(item, english).caption == caption


CAMERA = {"camera": "Easel One"}


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        (told(), Kind.PICTURE),
        (told(asset=CAMERA), Kind.PHOTO),
        (told(asset=CAMERA, graphic=True), Kind.PHOTO),
        (told(graphic=True), Kind.GRAPHIC),
        (told(screenshot=True, graphic=True), Kind.SCREENSHOT),
        (told(asset=CAMERA, document=True), Kind.DOCUMENT),
        (told(animated=True, graphic=True), Kind.ANIMATION),
        (told(screenshot=False, blurry=False), Kind.PICTURE),
        (filmed(screenshot=True), Kind.VIDEO),
    ],
)
def test_it_is_called_what_is_claimed(item: Gist, kind: Kind) -> None:
    assert item.kind is kind
    shown = kind in (Kind.VIDEO, Kind.ANIMATION, Kind.SCREENSHOT, Kind.DOCUMENT, Kind.GRAPHIC)
    assert (str(kind) in keywords(item)) == shown


@pytest.mark.parametrize(
    ("item", "sound", "tags"),
    [
        (filmed(sound=False), "none", {"silent"}),
        (filmed(silent=True, speech=False), "silent", {"silent"}),
        (filmed(silent=False, speech=True), "speech", {"speech", "sound track"}),
        (filmed(silent=False, speech=False), "no-speech", {"sound track"}),
        (filmed(silent=False), "track", {"sound track"}),
        (filmed(), "track", {"sound track"}),
    ],
)
def test_only_what_was_heard_is_said(item: Gist, sound: str, tags: set[str]) -> None:
    assert item.sound == sound
    assert {"silent", "speech", "sound track"} & set(keywords(item)) == tags


@pytest.mark.parametrize(
    ("fact", "known"),
    [("en, fr", ("en", "fr")), ("und", ()), ("en, und, en", ("en",)), ("", ())],
)
def test_subtitles_without_a_language_are_subtitles(fact: str, known: tuple[str, ...]) -> None:
    item = filmed(subtitles=fact)
    assert item.subtitles == known
    assert "subtitles" in keywords(item)


def test_some_motion_and_plain_day_are_not_worth_a_word() -> None:
    item = filmed(motion="some", daylight="day")
    assert (item.motion, item.daylight) == (None, None)
    item = filmed(motion="much", daylight="night")
    assert (item.motion, item.daylight) == ("much", "night")


def test_codes_are_counted_by_kind_and_their_values_kept_out(english: Catalog) -> None:
    kinds = ("QR Code", "EAN-13", "Micro QR Code", "Data Matrix", "Aztec Code", "PDF417", "UPC-A")
    codes = tuple(Code(f"https://example.org/{n}", kind) for n, kind in enumerate(kinds))
    item = gist(work(plain((9, 9, 9))).asset, Description(codes=codes))
    assert say(item, english).caption == (
        "Picture, with 2 QR codes, 3 barcodes, a Data Matrix code and a matrix code."
    )
    assert keywords(item) == ("QR code", "barcode", "Data Matrix", "matrix code")


def test_touches_of_colour_give_way_to_text_and_codes(english: Catalog) -> None:
    look = Look((Colour("red", 0.6, "#cc2020"), Colour("blue", 0.05, "#2020cc")))
    asset = work(plain((9, 9, 9))).asset
    bare = gist(asset, Description(look=look))
    coded = gist(asset, Description(look=look, codes=(Code("x", "EAN-8"),)))
    assert say(bare, english).caption == "Picture in mostly red, with touches of blue."
    assert say(coded, english).caption == "Picture in mostly red, with a barcode."
    assert keywords(coded) == ("red", "blue", "barcode")


def test_no_caption_lists_more_than_three_traits() -> None:
    facts: dict[str, Any] = {"blurry": True, "light": "dark", "contrast": "high", "warmth": "warm"}
    item = told(**facts, colourfulness="muted", aspect="panorama", transparent=0.3)
    assert len(item.traits) == 7
    assert item.told == item.traits[:3]
    assert len(filmed(**facts).told) == 2


@pytest.mark.parametrize(
    ("camera", "lens", "named"),
    [
        ("Easel One", "Zoom 1-2mm", True),
        ("Apple iPhone 14 Pro", "iPhone 14 Pro back triple camera 6.86mm f/1.78", False),
        ("Apple iPhone 14 Pro", "Apple iPhone 14 Pro front camera", False),
        ("Easel 1", "14-42mm F3.5", True),
        ("Easel One", None, True),
    ],
)
def test_a_camera_that_its_lens_names_is_not_named_twice(
    camera: str, lens: str | None, named: bool, english: Catalog
) -> None:
    facts: dict[str, Any] = {"lens": lens} if lens else {}
    item = told(asset={"camera": camera}, **facts)
    caption = say(item, english).caption
    assert (f"amera: {camera}" in caption) == named
    assert lens is None or f"ens: {lens}" in caption


def test_the_words_in_a_picture_are_never_its_tags_nor_forbidden(english: Catalog) -> None:
    item = told("happy dog")
    assert keywords(item) == ("text",)
    assert forbidden("en").search(say(item, english).caption)


def test_a_colour_mood_and_a_tone_are_not_worded(english: Catalog) -> None:
    item = told("I love it", colour_mood="dark-muted", text_tone="positive", phash="0" * 16)
    assert say(item, english).caption == "Picture, with the words “I love it”."
    assert keywords(item) == ("text",)


def test_a_country_that_nobody_names_is_left_out(english: Catalog) -> None:
    item = told(place="Somewhere", country="QQ")
    assert say(item, english).caption == "Picture. Place: near Somewhere."
