"""Example captions for translators: typical and extreme facts, made up, said in each language."""

import sys
from collections.abc import Iterator

from daemon.engines.builtin.catalog import LANGUAGES, Catalog
from daemon.engines.builtin.colouring import Colouring
from daemon.engines.builtin.gist import Gist, Kind
from daemon.engines.builtin.keywords import NAMES, keywords, translated
from daemon.engines.builtin.quote import Quote
from daemon.engines.builtin.say import say
from daemon.engines.builtin.when import Day

USAGE = f"usage: scripts/captions LANG [LANG...], of {' '.join(LANGUAGES)}"
EXAMPLES = {
    "a photo with everything": Gist(
        kind=Kind.PHOTO,
        colouring=Colouring(
            palette=("orange", "brown", "blue"), main=("orange", "brown"), touches=("blue",)
        ),
        traits=("dark", "vivid-colours", "warm-colours"),
        day=Day(2024, 7, 1),
        season="summer",
        daylight="golden-hour",
        place="Cascais",
        country="PT",
        camera="Easel One",
        lens="Easel 35 mm F2",
    ),
    "one colour prevails, month known": Gist(
        kind=Kind.PHOTO,
        colouring=Colouring(palette=("brown",), main=("brown",)),
        traits=("blurry", "low-contrast"),
        day=Day(2024, 8),
        camera="Easel One",
    ),
    "three colours, two touches, year known": Gist(
        kind=Kind.PHOTO,
        colouring=Colouring(
            palette=("white", "grey", "green", "orange", "purple"),
            main=("white", "grey", "green"),
            touches=("orange", "purple"),
        ),
        traits=("panorama", "bright", "high-contrast"),
        day=Day(2024),
        camera="Easel One",
    ),
    "black and white, place known, a name with a vowel": Gist(
        kind=Kind.PHOTO,
        colouring=Colouring(mono=True, palette=("grey", "black"), main=("grey",)),
        place="Agra",
        country="IN",
        daylight="night",
        camera="Easel One",
    ),
    "four words": Gist(
        kind=Kind.PHOTO,
        colouring=Colouring(palette=("brown", "red"), main=("brown", "red")),
        quote=Quote("BYE BYE CREDIT CARD DEBT", 4, True),
        text_language="en",
        day=Day(2024, 4, 11),
        camera="Easel One",
    ),
    "one word, codes, no camera": Gist(
        kind=Kind.PICTURE,
        colouring=Colouring(palette=("white", "yellow"), main=("white", "yellow")),
        quote=Quote("OPEN", 1, True),
        codes=(("qr", 1), ("barcode", 2)),
        aspect="square",
        day=Day(2023, 12, 8),
        place="Le Havre",
        country="FR",
    ),
    "a long text, the rarer codes": Gist(
        kind=Kind.DOCUMENT,
        colouring=Colouring(mono=True, palette=("white",), main=("white",)),
        quote=Quote("Minutes of the annual meeting, held on the third of", 28, False),
        codes=(("data-matrix", 1), ("matrix", 3)),
        day=Day(1998),
    ),
    "unreadable text, many colours": Gist(
        kind=Kind.SCREENSHOT,
        colouring=Colouring(
            many=True, palette=("black", "green", "teal"), main=("black", "green", "teal")
        ),
        unread=True,
    ),
    "one single colour": Gist(
        kind=Kind.GRAPHIC,
        colouring=Colouring(plain=True, palette=("red",), main=("red",)),
        traits=("transparent",),
    ),
    "an animation": Gist(
        kind=Kind.ANIMATION,
        colouring=Colouring(
            palette=("pink", "beige", "blue"), main=("pink", "beige"), touches=("blue",)
        ),
        traits=("muted-colours", "cool-colours"),
    ),
    "a video with everything": Gist(
        kind=Kind.VIDEO,
        colouring=Colouring(palette=("brown",), main=("brown",)),
        duration_s=95.2,
        shots=4,
        motion="much",
        sound="speech",
        subtitles=("en", "fr"),
        traits=("dark",),
        day=Day(2024, 8, 8),
        season="summer",
        place="Oaxaca",
        country="MX",
        camera="Easel Cine",
    ),
    "a short video": Gist(
        kind=Kind.VIDEO, duration_s=0.4, shots=1, motion="still", sound="silent", subtitles=()
    ),
    "a long video": Gist(
        kind=Kind.VIDEO,
        duration_s=7322.0,
        shots=1234,
        sound="no-speech",
        subtitles=("en", "fr", "ja", "pt"),
        day=Day(2024, 10),
        camera="Easel Cine",
    ),
    "a video without sound, place known": Gist(
        kind=Kind.VIDEO,
        duration_s=61.0,
        sound="none",
        place="Rio de Janeiro",
        country="BR",
        season="winter",
        camera="Easel Cine",
    ),
    "a video whose sound was not listened to": Gist(
        kind=Kind.VIDEO, duration_s=3600.0, sound="track", season="spring", day=Day(2024, 4, 1)
    ),
    "nothing known": Gist(kind=Kind.PICTURE),
}


def described(gist: Gist, language: str) -> Iterator[str]:
    """Word one gist in one language: caption, alternative text, tags."""
    catalog = Catalog.load(language)
    texts = say(gist, catalog)
    tags = translated(keywords(gist), catalog)
    yield f"  {language} caption  {texts.caption}"
    yield f"  {language} alt      {texts.alt}"
    yield f"  {language} tags     {' | '.join(tags.values())}"


def table(languages: list[str]) -> Iterator[str]:
    """Word every example, then list every tag."""
    for title, gist in EXAMPLES.items():
        yield title
        for language in languages:
            yield from described(gist, language)
        yield ""
    yield "all tags"
    for language in languages:
        tags = translated(NAMES, Catalog.load(language))
        yield from (f"  {language} {name}: {word}" for name, word in tags.items())


def main(languages: list[str]) -> None:
    """Print the table, or how this is used."""
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown or not languages:
        sys.exit("\n".join([*(f"no catalog for {name}" for name in unknown), USAGE]))
    print("\n".join(table(languages)))


if __name__ == "__main__":
    main(sys.argv[1:])
