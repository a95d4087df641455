"""What the builtin engine says: every message in every language, honest and well-formed."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
from fluent.syntax import FluentParser, ast
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.engines import Work
from daemon.engines.builtin import Builtin
from daemon.engines.builtin.catalog import LANGUAGES, Catalog, language_of
from daemon.engines.builtin.colours import TERMS
from daemon.engines.builtin.gist import Gist, Kind, gist
from daemon.engines.builtin.keywords import NAMES, keywords, translated
from daemon.engines.builtin.say import LONGEST_ALT, say
from daemon.engines.builtin.when import Day
from daemon.engines.choice import builtin_languages, builtin_model
from daemon.media.frames import Frames, Picture, Shots
from metadata.asset import MediaKind
from tests.paintings import Rgb, greyed, house, looked, noisy, paint, plain, ramp, work

TRAITS = (
    "dark", "bright", "high-contrast", "low-contrast", "vivid-colours", "muted-colours",
    "warm-colours", "cool-colours", "panorama", "transparent",
)  # fmt: skip
SEASONS = ("spring", "summer", "autumn", "winter")
# Objects, people, scenes, feelings and judgements: nothing that a measurement could support.
FORBIDDEN = re.compile(
    r"\b(man|woman|men|women|person|people|child|face|smile|dog|cat|car|house|tree|sky|sea|beach|"
    r"mountain|forest|flower|food|street|city|sunset|sunrise|landscape|portrait|indoors?|outdoors?|"
    r"happy|sad|calm|gloomy|cheerful|cosy|lonely|romantic|dramatic|peaceful|mood|feeling|beautiful|"
    r"lovely|nice|ugly|stunning|showing|shows|depicts|music|speech|talking|silent|blurry)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def engine() -> Builtin:
    return Builtin()


@pytest.fixture(scope="module")
def catalogs() -> dict[str, Catalog]:
    return {language: Catalog.load(language) for language in LANGUAGES}


def messages(language: str) -> dict[str, ast.Message]:
    source = resources.files("daemon.engines.builtin").joinpath("catalogs", f"{language}.ftl")
    body = FluentParser().parse(source.read_text("utf-8")).body
    assert not [entry for entry in body if isinstance(entry, ast.Junk)]
    found = [entry for entry in body if isinstance(entry, ast.Message)]
    assert len({entry.id.name for entry in found}) == len(found)
    return {entry.id.name: entry for entry in found}


def shape(message: ast.Message) -> tuple[bool, tuple[str, ...]]:
    return message.value is not None, tuple(a.id.name for a in message.attributes)


def gists() -> Iterator[Gist]:
    """Go through every combination of the things that change the grammar."""
    days = (None, Day(2024), Day(2024, 8), Day(2024, 4, 1), Day(2023, 12, 31))
    mains = ((), ("orange",), ("brown", "yellow"), ("black", "green", "teal"))
    flags = itertools.product(Kind, (False, True), mains, days, (None, "Easel One"))
    for (kind, mono, main, day, camera), touches in itertools.product(
        flags, ((), ("orange",), ("blue", "brown"))
    ):
        base = Gist(kind=kind, mono=mono, main=main, touches=touches, day=day, camera=camera)
        yield base
        yield replace(base, many=True, traits=TRAITS[:4], season="autumn" if day else None)
    for kind, term in itertools.product(Kind, TERMS):
        yield Gist(kind=kind, plain=True, main=(term,))
        yield Gist(kind=kind, main=(term,), touches=(term,))
    for kind, shots, sound, length in itertools.product(
        Kind, (None, 1, 2, 1234), (None, False, True), (0.0, 0.4, 9.96, 60.0, 95.0, 3599.6, 7322.0)
    ):
        yield Gist(kind=kind, shots=shots, sound=sound, duration_s=length)
    for trait, name in itertools.product(TRAITS, SEASONS):
        yield Gist(kind=Kind.PHOTO, traits=(trait,), day=Day(2024, 8), season=name)


def worded(engine: Builtin, item: Work) -> Iterator[str]:
    for language in LANGUAGES:
        (texts,) = engine.translate([item], language)
        yield texts.caption
        yield texts.alt


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalog_has_the_same_messages_and_forms(language: str) -> None:
    english = {name: shape(message) for name, message in messages("en").items()}
    assert {name: shape(message) for name, message in messages(language).items()} == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_combination_can_be_said(language: str, catalogs: dict[str, Catalog]) -> None:
    end = "।" if language == "hi" else "."
    for item in gists():
        told = say(item, catalogs[language])
        for text in (told.caption, told.alt):
            assert text.endswith(end)
            assert not re.search(r"[\u2066-\u2069{}$]|  |\s[,.।]|,,|[,;:]\s*[,;.।]|None", text)
            assert text[0] == text[0].upper()
        assert len(re.split(r"(?<!\d)[.।] ", told.caption)) <= 3
        assert len(told.alt) <= LONGEST_ALT


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_left_unsaid(language: str, catalogs: dict[str, Catalog]) -> None:
    used: set[str] = set()

    class Listening(Catalog):
        def say(self, name: str, /, **values: str | int) -> str:
            used.add(name.split(".")[0])
            return super().say(name, **values)

    catalog = Listening(catalogs[language].bundle, catalogs[language].locale)
    for item in gists():
        say(item, catalog)
    translated(NAMES, catalog)
    assert set(messages(language)) == used


def test_a_message_that_lacks_a_value_is_an_error(catalogs: dict[str, Catalog]) -> None:
    with pytest.raises(LookupError, match="camera"):
        catalogs["fr"].say("camera")


@pytest.mark.parametrize(
    ("language", "caption"),
    [
        (
            "en",
            "Photo in mostly orange and brown, with touches of blue. Dark tones, vivid colours. "
            "Taken on 1 July 2024, in summer, camera: Easel One.",
        ),
        (
            "es",
            "Fotografía en la que predominan el naranja y el marrón, con toques de azul. "
            "Tonos oscuros, colores vivos. "
            "Tomada el 1 de julio de 2024, en verano, cámara: Easel One.",
        ),
        (
            "fr",
            "Photo où dominent l’orange et le marron, avec des touches de bleu. "
            "Tons sombres, couleurs vives. "
            "Prise le 1er juillet 2024, en été, appareil\u00a0: Easel One.",
        ),
        (
            "hi",
            "फ़ोटो, जिसमें मुख्यतः नारंगी और भूरे रंग हैं, साथ में नीले रंग की झलक। "
            "गहरे टोन, चटक रंग। 1 जुलाई 2024 को ली गई, ग्रीष्म ऋतु, कैमरा: Easel One।",
        ),
        (
            "de",
            "Foto, in dem Orange und Braun vorherrschen, mit Akzenten in Blau. "
            "Dunkle Töne, kräftige Farben. "
            "Aufgenommen am 1. Juli 2024, im Sommer, Kamera: Easel One.",
        ),
    ],
)
def test_a_photo_in_words(language: str, caption: str, catalogs: dict[str, Catalog]) -> None:
    item = Gist(
        kind=Kind.PHOTO,
        main=("orange", "brown"),
        touches=("blue",),
        traits=("dark", "vivid-colours"),
        day=Day(2024, 7, 1),
        season="summer",
        camera="Easel One",
    )
    assert say(item, catalogs[language]).caption == caption


@pytest.mark.parametrize(
    ("language", "caption"),
    [
        ("en", "Video in mostly brown. 1 minute 35 seconds, 4 shots, with a sound track."),
        ("es", "Vídeo en el que predomina el marrón. 1 minuto 35 segundos, 4 planos, "
               "con pista de sonido."),
        ("fr", "Vidéo où domine le marron. 1 minute 35\u00a0secondes, 4 plans, avec piste sonore."),
        ("hi", "वीडियो, जिसमें मुख्यतः भूरा रंग है। 1 मिनट 35 सेकंड, 4 शॉट, ध्वनि ट्रैक सहित।"),
        ("de", "Video, in dem Braun vorherrscht. 1 Minute, 35 Sekunden, 4 Einstellungen, "
               "mit Tonspur."),
    ],
)  # fmt: skip
def test_a_video_in_words(language: str, caption: str, catalogs: dict[str, Catalog]) -> None:
    item = Gist(kind=Kind.VIDEO, main=("brown",), duration_s=95.2, shots=4, sound=True)
    assert say(item, catalogs[language]).caption == caption


@pytest.mark.parametrize(
    ("picture", "known", "start"),
    [
        (plain((0, 0, 0), 1, 1), {}, "Picture of a single colour: black. Dark tones."),
        (plain((200, 30, 40)), {}, "Picture of a single colour: red."),
        (greyed(noisy(house(), 8)), {}, "Black-and-white picture"),
        (house(), {"camera": "Easel One"}, "Photo in mostly "),
        (house(), {"camera": " \x07\u2069 "}, "Picture in mostly "),
        (house(), {"format": "gif", "frames": 9}, "Animated picture in mostly "),
        (house(), {"kind": MediaKind.VIDEO, "duration_s": 1.0}, "Video in mostly "),
    ],
)
def test_it_is_called_what_is_known(
    engine: Builtin, picture: Picture, known: dict[str, Any], start: str
) -> None:
    (texts,) = engine.caption([looked(engine, work(picture, **known))])
    assert texts.caption.startswith(start)


def test_many_colours_are_not_called_mostly_one(engine: Builtin) -> None:
    chart = plain((255, 255, 255), 260, 100)
    shades = (
        (0, 0, 0), (128, 128, 128), (200, 30, 40), (255, 140, 0), (255, 230, 0), (0, 130, 0),
        (0, 60, 220), (130, 0, 130), (255, 105, 180), (130, 70, 20), (0, 130, 130), (215, 185, 140),
    )  # fmt: skip
    for place, shade in enumerate(shades):
        paint(chart, shade, place * 20, 0, 20, 100)
    (texts,) = engine.caption([looked(engine, work(chart))])
    assert texts.caption.startswith("Picture in many colours, among them ")


def test_a_fully_see_through_picture_is_a_picture(engine: Builtin) -> None:
    hidden = work(seen=Frames((plain((255, 255, 255)),), transparent=1.0))
    (texts,) = engine.caption([looked(engine, hidden)])
    assert texts.caption == "Picture. Transparent areas."


@pytest.mark.parametrize(
    ("item", "tags"),
    [
        (work(noisy(house((200, 30, 40), 40), 5)), {"red", "blue", "brown"}),
        (work(greyed(ramp((0, 0, 0), (255, 255, 255)))),
         {"black and white", "grey", "high contrast"}),
        (work(plain((12, 12, 14))), {"dark", "black"}),
        (work(ramp((90, 50, 110), (250, 150, 50))), {"purple", "orange"}),
        (work(plain((9, 9, 9)), width=4000, height=1000), {"panorama"}),
        (work(plain((9, 9, 9)), width=40, height=40), {"square"}),
        (work(plain((250, 250, 250)), taken_at="2024-07-03", latitude=48.0), {"summer", "bright"}),
        (work(plain((250, 250, 250)), format="gif", frames=3), {"animation"}),
        (work(seen=Frames((house(),), (0.0,), shots=Shots(()), sound=True), kind=MediaKind.VIDEO),
         {"video", "sound track"}),
    ],
)  # fmt: skip
def test_tags_name_what_was_painted(engine: Builtin, item: Work, tags: set[str]) -> None:
    (found,) = engine.tags([looked(engine, item)])
    assert tags <= set(found)
    assert len(set(found)) == len(found) <= 25


def test_a_single_colour_has_no_contrast_or_strength(engine: Builtin) -> None:
    (found,) = engine.tags([looked(engine, work(plain((200, 30, 40))))])
    assert found == ("red",)


def test_black_and_white_has_no_coloured_tags(engine: Builtin) -> None:
    old = ramp((40, 38, 35), (230, 227, 220))
    (found,) = engine.tags([looked(engine, work(old))])
    assert found[0] == "black and white"
    assert not set(found) & (set(TERMS) - {"black", "white", "grey"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tag_is_short_clean_and_translated(
    language: str, catalogs: dict[str, Catalog]
) -> None:
    words = translated(NAMES, catalogs[language])
    assert set(words) == set(NAMES)
    for word in words.values():
        assert len(word.encode()) <= 64
        assert not set(word) & set(",|/;")
        assert word == word.strip()
    if language == "en":
        assert all(name == word == name.lower() for name, word in words.items())
    else:
        assert len(set(words.values())) == len(NAMES)


def test_tags_are_those_that_can_be_translated(catalogs: dict[str, Catalog]) -> None:
    for item in gists():
        assert set(keywords(item)) <= set(NAMES)


def test_words_of_others_are_not_translated(engine: Builtin) -> None:
    assert engine.translate_tags(["red", "Oma", "dog"], "es") == {"red": "rojo"}


@pytest.mark.parametrize(
    ("tag", "catalog"),
    [
        ("es-MX", "es"), ("es", "es"), ("FR-ca", "fr"), ("de_AT", "de"), ("hi-Deva-IN", "hi"),
        ("en-US", "en"), ("pt", None), ("ja-JP", None), ("", None), ("esp", None), ("x-es", None),
    ],
)  # fmt: skip
def test_a_variant_speaks_its_language(engine: Builtin, tag: str, catalog: str | None) -> None:
    assert language_of(tag) == catalog
    assert engine.speaks(tag) is (catalog is not None)


def test_the_choice_of_an_engine_knows_its_model_and_catalogs(engine: Builtin) -> None:
    assert builtin_model() == engine.model
    assert builtin_languages() == sorted(LANGUAGES)


def test_a_language_without_a_catalog_is_not_spoken(engine: Builtin) -> None:
    with pytest.raises(LookupError, match="'pt'"):
        engine.translate([work(house())], "pt")


@pytest.mark.parametrize("camera", ["{ $n }", "a\nb\u202eX", "-rf", "x" * 500, "{camera}"])
def test_P6_a_camera_name_is_only_text(engine: Builtin, camera: str) -> None:
    item = looked(engine, work(house(), camera=camera))
    for text in worded(engine, item):
        assert text.isprintable() or "\u00a0" in text
        assert len(text) < 400
    if camera.startswith("{"):
        assert camera in engine.caption([item])[0].caption


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    shades=st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=5),
    sigma=st.sampled_from([0, 6, 30]),
    size=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    transparent=st.sampled_from([0.0, 0.3]),
    video=st.booleans(),
)
def test_nothing_is_claimed_that_cannot_be_known(
    engine: Builtin,
    shades: list[Rgb],
    sigma: int,
    size: tuple[int, int],
    transparent: float,
    video: bool,
) -> None:
    pictures = tuple(noisy(plain(shade, *size), sigma) for shade in shades)
    kind = MediaKind.VIDEO if video else MediaKind.IMAGE
    item = looked(
        engine, work(seen=Frames(pictures, transparent=transparent), kind=kind, duration_s=2.0)
    )
    (english,) = engine.caption([item])
    (tags,) = engine.tags([item])
    assert not FORBIDDEN.search(" ".join((english.caption, english.alt, *tags)))
    assert "photo" not in english.caption.lower()
    for text in worded(engine, item):
        assert not re.search(r"[\u2068\u2069]", text)


def test_no_english_message_or_tag_holds_a_forbidden_word() -> None:
    source = resources.files("daemon.engines.builtin").joinpath("catalogs", "en.ftl")
    lines = source.read_text("utf-8").splitlines()
    said = [line for line in lines if not line.startswith("#")]
    assert not FORBIDDEN.search("\n".join(said))


def test_a_gist_of_nothing_is_a_picture() -> None:
    assert gist(work(house()).asset, work(house()).description) == Gist(kind=Kind.PICTURE)
