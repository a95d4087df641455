"""What the builtin engine says of what it measured: captions, tags and their translations."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.engines import Work
from daemon.engines.builtin import Builtin
from daemon.engines.builtin.catalog import LANGUAGES, Catalog, language_of
from daemon.engines.builtin.colouring import Colouring
from daemon.engines.builtin.colours import TERMS
from daemon.engines.builtin.gist import Gist, Kind, gist
from daemon.engines.builtin.keywords import MOST, NAMES, keywords, translated
from daemon.engines.builtin.quote import Quote
from daemon.engines.builtin.say import say
from daemon.engines.builtin.when import Day
from daemon.engines.choice import builtin_languages, builtin_model
from daemon.media.frames import Frames, Picture, Shots
from metadata.asset import MediaKind
from tests.forbidden import forbidden
from tests.gists import NOTE, fullest, gists
from tests.paintings import Rgb, greyed, house, looked, noisy, paint, plain, ramp, work


@pytest.fixture(scope="module")
def engine() -> Builtin:
    return Builtin()


@pytest.fixture(scope="module")
def catalogs() -> dict[str, Catalog]:
    return {language: Catalog.load(language) for language in LANGUAGES}


def worded(engine: Builtin, item: Work) -> Iterator[str]:
    for language in LANGUAGES:
        (texts,) = engine.translate([item], language)
        yield texts.caption
        yield texts.alt


SUNSET = Gist(
    kind=Kind.PHOTO,
    colouring=Colouring(main=("orange", "brown"), touches=("blue",)),
    traits=("dark", "vivid-colours"),
    day=Day(2024, 7, 3),
    season="summer",
    daylight="golden-hour",
    place="Cascais",
    country="PT",
    camera="Easel One",
    lens="Zoom 24-70mm",
)
STICKY = Gist(
    kind=Kind.PICTURE,
    colouring=Colouring(main=("red", "brown"), touches=("blue",)),
    quote=NOTE,
    codes=(("qr", 1),),
)
RECEIPT = Gist(
    kind=Kind.DOCUMENT,
    colouring=Colouring(main=("white",)),
    quote=Quote("KAUFHAUS Brot", 28, whole=False),
    codes=(("barcode", 2),),
    day=Day(2024, 8),
    place="Agra",
    country="IN",
)
FILM = Gist(
    kind=Kind.VIDEO,
    colouring=Colouring(main=("brown",)),
    duration_s=95.2,
    shots=4,
    motion="still",
    sound="speech",
    subtitles=("fr", "en"),
)


@pytest.mark.parametrize(
    ("item", "language", "caption"),
    [
        (SUNSET, "en", "Photo in mostly orange and brown, with touches of blue. Dark tones, vivid "
         "colours. Taken near Cascais (Portugal) on 3 July 2024, in summer, in the golden hour, "
         "camera: Easel One, lens: Zoom 24-70mm."),
        (SUNSET, "es", "Fotografía en la que predominan el naranja y el marrón, con toques de "
         "azul. Tonos oscuros, colores vivos. Tomada cerca de Cascais (Portugal) el 3 de julio de "
         "2024, en verano, en la hora dorada, cámara: Easel One, objetivo: Zoom 24-70mm."),
        (SUNSET, "fr", "Photo où dominent l’orange et le marron, avec des touches de bleu. Tons "
         "sombres, couleurs vives. Prise le 3 juillet 2024, localité proche\u00a0: Cascais "
         "(Portugal), en été, à l’heure dorée, appareil\u00a0: Easel One, objectif\u00a0: Zoom "
         "24-70mm."),
        (SUNSET, "hi", "फ़ोटो, जिसमें मुख्यतः नारंगी और भूरे रंग हैं, साथ में नीले रंग की झलक। गहरे "
         "टोन, चटक रंग। 3 जुलाई 2024 को Cascais (पुर्तगाल) के पास ली गई, ग्रीष्म ऋतु, गोल्डन आवर में, "
         "कैमरा: Easel One, लेंस: Zoom 24-70mm।"),
        (SUNSET, "de", "Foto, in dem Orange und Braun vorherrschen, mit Akzenten in Blau. Dunkle "
         "Töne, kräftige Farben. Aufgenommen am 3. Juli 2024 nahe Cascais (Portugal), im Sommer, "
         "zur goldenen Stunde, Kamera: Easel One, Objektiv: Zoom 24-70mm."),
        (STICKY, "en", "Picture in mostly red and brown, with the words “BYE BYE CREDIT CARD "
         "DEBT” and a QR code."),
        (STICKY, "es", "Imagen en la que predominan el rojo y el marrón, con el texto «BYE BYE "
         "CREDIT CARD DEBT» y un código QR."),
        (STICKY, "fr", "Image où dominent le rouge et le marron, avec le texte «\u00a0BYE BYE "
         "CREDIT CARD DEBT\u00a0» et un code QR."),
        (STICKY, "hi", "चित्र, जिसमें मुख्यतः लाल और भूरे रंग हैं, साथ में “BYE BYE CREDIT CARD "
         "DEBT” शब्द और एक QR कोड।"),
        (STICKY, "de", "Bild, in dem Rot und Braun vorherrschen, mit dem Text „BYE BYE CREDIT "
         "CARD DEBT“ und einem QR-Code."),
        (RECEIPT, "en", "Document in mostly white, with 28 lines of text (“KAUFHAUS Brot …”) and "
         "2 barcodes. Date: August 2024, place: near Agra (India)."),
        (RECEIPT, "es", "Documento en el que predomina el blanco, con 28 líneas de texto "
         "(«KAUFHAUS Brot…») y 2 códigos de barras. Fecha: agosto de 2024, lugar: cerca de Agra "
         "(India)."),
        (RECEIPT, "fr", "Document où domine le blanc, avec 28 lignes de texte («\u00a0KAUFHAUS "
         "Brot…\u00a0») et 2 codes-barres. Date\u00a0: août 2024, localité proche\u00a0: Agra "
         "(Inde)."),
        (RECEIPT, "hi", "दस्तावेज़, जिसमें मुख्यतः सफ़ेद रंग है, साथ में 28 पंक्तियों का पाठ "
         "(“KAUFHAUS Brot …”) और 2 बारकोड। तारीख़: अगस्त 2024, स्थान: Agra (भारत) के पास।"),
        (RECEIPT, "de", "Dokument, in dem Weiß vorherrscht, mit 28 Zeilen Text („KAUFHAUS "
         "Brot …“) und 2 Strichcodes. Datum: August 2024, Ort: nahe Agra (Indien)."),
        (FILM, "en", "Video in mostly brown. 1 minute 35 seconds, 4 shots, hardly any motion, "
         "with speech, with subtitles (French and English)."),
        (FILM, "es", "Vídeo en el que predomina el marrón. 1 minuto 35 segundos, 4 planos, casi "
         "sin movimiento, con voz hablada, con subtítulos (francés e inglés)."),
        (FILM, "fr", "Vidéo où domine le marron. 1\u00a0minute 35\u00a0secondes, 4 plans, presque "
         "aucun mouvement, avec voix parlée, avec sous-titres (français et anglais)."),
        (FILM, "hi", "वीडियो, जिसमें मुख्यतः भूरा रंग है। 1 मिनट 35 सेकंड, 4 शॉट, लगभग कोई हलचल नहीं, "
         "बोलने की आवाज़ सहित, उपशीर्षक सहित (फ़्रेंच और अंग्रेज़ी)।"),
        (FILM, "de", "Video, in dem Braun vorherrscht. 1 Minute 35 Sekunden, 4 Einstellungen, "
         "kaum Bewegung, mit gesprochener Sprache, mit Untertiteln (Französisch und Englisch)."),
    ],
)  # fmt: skip
def test_a_gist_in_words(
    item: Gist, language: str, caption: str, catalogs: dict[str, Catalog]
) -> None:
    assert say(item, catalogs[language]).caption == caption


@pytest.mark.parametrize(
    ("item", "alt"),
    [
        (SUNSET, "Photo in mostly orange and brown, with touches of blue; dark tones, vivid "
         "colours, near Cascais (Portugal)."),
        (RECEIPT, "Document in mostly white, with 28 lines of text (“KAUFHAUS Brot …”) and 2 "
         "barcodes; place: near Agra (India)."),
        (replace(STICKY, camera="Easel One", place="W" * 60, country="BA", traits=("dark",) * 3),
         "Picture in mostly red and brown, with the words “BYE BYE CREDIT CARD DEBT” and a QR "
         f"code; dark tones, dark tones, dark tones, place: near {'W' * 60} "
         "(Bosnia & Herzegovina)."),
        (replace(FILM, quote=Quote("W" * 120, 6, whole=True), place="W" * 60),
         f"Video in mostly brown, with the text “{'W' * 120}”; place: near {'W' * 60}."),
        (replace(FILM, quote=Quote("W" * 400, 6, whole=True)), "Video."),
    ],
)  # fmt: skip
def test_an_alternative_text_loses_whole_parts(
    item: Gist, alt: str, catalogs: dict[str, Catalog]
) -> None:
    assert say(item, catalogs["en"]).alt == alt


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


def test_tags_have_room_for_everything_but_faint_colours() -> None:
    tags = keywords(fullest())
    assert len(set(tags)) == len(tags) == MOST
    assert {"video", *TERMS[:3], "text in Portuguese", "QR code", "golden hour"} <= set(tags)
    assert TERMS[-1] not in tags


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
        assert all(name == word for name, word in words.items())
    else:
        assert len(set(words.values())) == len(NAMES)


def test_tags_are_those_that_can_be_translated(catalogs: dict[str, Catalog]) -> None:
    for item in gists():
        tags = keywords(item)
        assert tuple(translated(tags, catalogs["en"]).items()) == tuple(
            zip(tags, tags, strict=True)
        )


def test_words_of_others_are_not_translated(engine: Builtin) -> None:
    theirs = ["Oma", "dog", "near miss", "near", "text in Klingonisch", "text in "]
    assert engine.translate_tags(["red", *theirs], "es") == {"red": "rojo"}


@pytest.mark.parametrize(
    ("language", "tags"),
    [
        ("en", "near Le Havre; text in German"),
        ("es", "cerca de Le Havre; texto en alemán"),
        ("fr", "Le Havre (environs); texte en allemand"),
        ("hi", "Le Havre के पास; जर्मन में पाठ"),
        ("de", "nahe Le Havre; Text auf Deutsch"),
    ],
)
def test_places_and_languages_are_translated(engine: Builtin, language: str, tags: str) -> None:
    said = engine.translate_tags(["near Le Havre", "text in German"], language)
    assert "; ".join(said.values()) == tags


@pytest.mark.parametrize(
    ("place", "tags"),
    [
        ("Washington, D.C.", ("near Washington D.C.",)),
        ("A|B/C;D", ("near A B C D",)),
        ("ञ" * 20, ()),
    ],
)
def test_a_place_makes_a_tag_that_fits(place: str, tags: tuple[str, ...]) -> None:
    assert keywords(Gist(kind=Kind.PICTURE, place=place)) == tags


@pytest.mark.parametrize(
    ("tag", "catalog"),
    [
        ("es-MX", "es"), ("es", "es"), ("FR-ca", "fr"), ("de_AT", "de"), ("hi-Deva-IN", "hi"),
        ("en-US", "en"), ("pt-BR", "pt"), ("ja-JP", "ja"), ("zh-Hans", "zh"), ("zh-TW", None),
        ("", None), ("esp", None), ("x-es", None),
    ],
)  # fmt: skip
def test_a_variant_speaks_its_language(engine: Builtin, tag: str, catalog: str | None) -> None:
    assert language_of(tag) == catalog
    assert engine.speaks(tag) is (catalog is not None)


def test_the_choice_of_an_engine_knows_its_model_and_catalogs(engine: Builtin) -> None:
    assert builtin_model() == engine.model
    assert builtin_languages() == sorted(LANGUAGES)


def test_a_language_without_a_catalog_is_not_spoken(engine: Builtin) -> None:
    with pytest.raises(LookupError, match="'tlh'"):
        engine.translate([work(house())], "tlh")


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
    assert not forbidden("en").search(" ".join((english.caption, english.alt, *tags)))
    assert "photo" not in english.caption.lower()
    for text in worded(engine, item):
        assert not re.search(r"[\u2068\u2069]", text)


def test_a_gist_of_nothing_is_a_picture() -> None:
    assert gist(work(house()).asset, work(house()).description) == Gist(kind=Kind.PICTURE)
