"""Good answers come through as they are; of sounds only claims go, by who heard none."""

import random
import re
from collections.abc import Iterator
from re import _parser as parsed  # type: ignore[attr-defined]
from typing import Any

import pytest

from bench.labelled.languages import UNDECIDABLE, texts
from daemon.believing import sound
from daemon.believing.language import other_language
from daemon.believing.sound import without_claims
from tests.believable import value

CAPTIONS = (
    "The dog runs along the beach, a red ball in its mouth.",
    "The image is dark, and only the outline of a bridge can be made out.",
    "The photo was taken from a low angle, so that the tower fills the frame.",
    "The film poster on the wall is torn.",
    "Two women in saris carry brass pots up a stone stair. Behind them, a temple in morning haze.",
    'A sign above the door reads "I\'m sorry, we can\'t open today".',
    "A note on the fridge says “I am sorry, I cannot come.”",
    'A poster reads "Let me think about it" in red letters.',
    'A screen shows the words "As an AI language model, I cannot help with that".',
    'A board reads "Live music can be heard here every night".',
    'A T-shirt with "Un perro corre por la playa y el mar está en calma con el sol" on it.',
    "Zoë and Łukasz stand before the Café Größenwahn in Köln; 東京 is written on her bag.",
    "São Paulo by night: towers, a street market, and the lights of cars on the Minhocão.",
    "A black and white photo of a farmer with his horse.",
    "A painting of a ship in a storm hangs above the sofa.",
    "A screenshot of a terminal with green letters on black.",
    "A singer on a stage holds a microphone in front of a cheering crowd.",
    "A musical instrument shop with guitars on the wall, and sheet music in a rack.",
    "A child listens to a shell held to her ear.",
    "A man in headphones sits at a sound mixing desk.",
    "Street musicians play the violin and the drums in front of a fountain.",
    "Two men talk at a table, and a third one laughs.",
    "A woman speaks into a microphone at a lectern.",
    "A dog barks at a postman behind a fence.",
    "A church bell hangs in an open tower.",
    "A teacher points at a blackboard in front of a silent class.",
    "Very, very small boats lie on a very, very large lake.",
    "Seven, seven, seven: the reels of a slot machine.",
    "A menu: soup 3.50, salad 4.20, bread 1.00.",
    "St. Mary's Church in Lübeck, seen from Dr. Julius Leber Straße, on a grey day.",
    "World War II trucks stand in a row; No. 7 has lost a wheel.",
    "Step by step, the photographs on the wall lead up the stairs.",
    "Okay Market is the name above a shop with fruit in boxes.",
    "Sorrow is carved into the face of the stone angel; its hands are folded.",
    "None of the windows of the old factory has any glass left.",
    "Wait staff in white jackets carry plates through a crowded dining room.",
    "I Love New York is printed on a mug beside a laptop.",
    "iPhone and keys lie on a wooden table.",
    "Error messages cover the departure board of an airport.",
    "Caption and date are written below a postcard of Lake Como.",
    "An old man mends a net.\n\nBehind him the harbour lies in the last light; the boats are blue.",
    "Red letters on white paper; a hand, a pen; 1 < 2 and 5 * 3 = 15.",
    "A whiteboard shows the formula a_1 + b_2 = c_3 and an arrow -> to the right.",
    "A 12\" record and a 7\" single lie on a shelf.",
    "Cats' eyes shine in the dark, and dogs' leads hang on hooks.",
    "Here a river enters the sea, and its brown water stays apart from the blue.",
    "In the picture frame on the piano a soldier smiles.",
    "Sure-footed goats climb a cliff above a lake.",
    "Please Touch is written beside a sculpture of bronze.",
    "A boy shows his father a kite, and the father shows him how to hold the line.",
    "Fireworks above a harbour, 😀 drawn on a balloon, and a crowd on the pier.",
)  # fmt: skip

CLAIMS = (
    "Soft piano music plays throughout.",
    "Upbeat music accompanies the scene.",
    "Birds can be heard in the background.",
    "The sound of waves fills the air.",
    "Sounds of traffic rise from the street.",
    "A narrator describes the history of the town.",
    "The narration continues over the pictures.",
    "A male voice explains the steps.",
    "In a voice-over, a woman tells of her childhood.",
    "A man says that the bridge is closed.",
    "The presenter explains how to change a tyre.",
    "She is speaking English.",
    "The host announces the winner.",
    "Laughter fills the room.",
    "Applause erupts as the curtain falls.",
    "The audio is muffled.",
    "There is no sound.",
    "The video is silent.",
    "The clip has background music and faint chatter.",
    "We hear a train arriving.",
    "You can hear the crowd cheer.",
    "A dog is heard behind the door.",
    "The crowd is audible throughout.",
    "The scene is accompanied by a gentle melody.",
    "The soundtrack turns dark.",
    "Dramatic music builds.",
    "Sirens echo through the street.",
    "The dog barks loudly.",
    "Children are laughing loudly.",
    "A loud bang makes the birds rise.",
    "The rustling sound of leaves is soft.",
    "Distant thunder is heard over the hills.",
    "Voices in the background talk of the weather.",
    "The video has no dialogue.",
    "He tells the viewers to subscribe.",
    "The reporter talks about the flood.",
    "Bells ring out over the roofs.",
    "The engine sound grows as the car nears.",
    "Music is playing from a radio.",
    "The dialogue between the two is tense.",
)  # fmt: skip

SEEN = (
    "A band plays on a stage in front of a large crowd.",
    "A street musician plays the accordion.",
    "A pianist turns a page of sheet music.",
    "People dance in a club under red light.",
    "A loudspeaker hangs from a pole.",
    "Sound equipment and cables stand beside the stage.",
    "A sound engineer sits at a desk.",
    "A woman with a hearing aid smiles.",
    "A man sings, his eyes closed.",
    "A baby cries in a pram.",
    "The crowd cheers and waves flags.",
    "Two girls laugh on a swing.",
    "A speaker stands at a lectern and gestures.",
    "A sign says that the pool is closed.",
    "A label states the price.",
    "A voice recorder lies on a table.",
    "A voice actor stands in a booth.",
    "A radio and a television stand on a shelf.",
    "An ear is drawn on the wall.",
    "The Sound of Sleat lies between Skye and the mainland.",
    "Snow lies on a silent, empty street.",
    "A quiet harbour at dawn.",
    "A conductor raises his baton before an orchestra.",
    "A dog opens its mouth as if to bark.",
    "A bell tower rises above the roofs.",
    "An ambulance with a blue siren stands at the kerb.",
    "A DJ wears headphones at a turntable.",
    "Musical notes are painted on a staircase.",
    "A teacher talks to a child at a desk.",
    "A guide shows visitors around a castle.",
    "Thunder clouds gather above the plain.",
    "A music video shoot, with lamps and a camera crane.",
    "A band rehearses in a room with egg boxes on the wall.",
    "A tuning fork lies in a case.",
    "A crowd listens to a man on a box.",
    "A safe and sound house behind a hedge.",
    "A phone is held to an ear.",
    "Footsteps in the snow lead to a hut.",
    "A girl whispers into the ear of her friend.",
    "A choir in white robes stands on steps.",
)  # fmt: skip


@pytest.mark.parametrize("caption", CAPTIONS)
def test_a_good_caption_comes_through_untouched(caption: str) -> None:
    assert value("caption", caption) == caption


@pytest.mark.parametrize("caption", CAPTIONS[:30])
def test_a_good_sentence_is_an_alternative_text_and_a_summary_too(caption: str) -> None:
    assert value("alt", caption) == value("summary", caption) == caption


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_about_sound_goes_when_nothing_was_heard(claim: str) -> None:
    assert (
        without_claims(f"A car stops. {claim} It rains.", heard=False) == "A car stops. It rains."
    )


@pytest.mark.parametrize("sight", SEEN)
def test_what_is_seen_of_sound_stays(sight: str) -> None:
    assert without_claims(sight, heard=False) == sight


def test_words_about_speech_stay_where_it_was_heard_and_those_about_music_go() -> None:
    told = "A narrator says that bread is baked. Soft music plays. A woman asks for the price."
    kept = "A narrator says that bread is baked. A woman asks for the price."
    assert without_claims(told, heard=True) == kept
    assert value("summary", told, heard=True) == kept


def test_english_is_never_taken_for_another_language() -> None:
    english = [text for language, text in texts() if language in ("en", UNDECIDABLE)]
    wrong = [text for text in (*english, *CAPTIONS, *CLAIMS, *SEEN) if other_language(text)]
    assert len(english) > 150
    assert wrong == []


@pytest.mark.parametrize(
    "language", ["es", "fr", "de", "it", "pt", "ja", "zh", "hi", "ru", "ar", "el"]
)
def test_texts_of_several_sentences_in_other_languages_are_known(language: str) -> None:
    lines = [text for lang, text in texts() if lang == language]
    long = [". ".join(lines[at : at + 4]) for at in range(0, len(lines) - 3, 4)]
    known = [text for text in long if other_language(text)]
    assert len(known) >= 0.9 * len(long) > 1


def test_keywords_come_through_untouched_and_in_order() -> None:
    words = "dog, beach, golden hour, black-and-white, St. Mary's Church, 1960s, T-shirt, São Paulo"
    assert value("tags", words) == words.split(", ")


def test_a_judgement_comes_through_untouched() -> None:
    told = value(
        "sentiment", "positive, 0.6\ncalm, joyful\n\nThe light is warm.\n\nA child smiles."
    )
    assert (told.label, told.score, told.moods) == ("positive", 0.6, ("calm", "joyful"))
    assert told.analysis == {"en": "The light is warm.\n\nA child smiles."}


def test_findings_come_through_untouched() -> None:
    told = value(
        "moderation", "alcohol: a bottle of beer\npersonal details: an address, on a letter"
    )
    assert told == {
        "moderation_alcohol": "a bottle of beer",
        "moderation_personal_details": "an address, on a letter",
    }
    assert value("quality", "none") == {}


def likely(node: Any, chance: random.Random) -> Iterator[str]:
    """Write a text that a parsed pattern may match."""
    for what, given in node:
        kind = str(what)
        if kind == "LITERAL":
            yield chr(given)
        elif kind == "BRANCH":
            yield from likely(chance.choice(given[1]), chance)
        elif kind == "SUBPATTERN":
            yield from likely(given[3], chance)
        elif kind in ("MAX_REPEAT", "MIN_REPEAT"):
            for _ in range(chance.choice((given[0], min(int(given[1]), given[0] + 1)))):
                yield from likely(given[2], chance)
        elif kind == "IN":
            yield _one_of(given, chance)


def _one_of(signs: Any, chance: random.Random) -> str:
    every = [chr(given) if str(what) == "LITERAL" else "w" for what, given in signs]
    return chance.choice(every)


@pytest.mark.parametrize("claims", [sound._ANY, sound._SPEECH], ids=["sound", "speech"])
def test_every_claim_has_a_sign_by_which_it_is_looked_for(claims: re.Pattern[str]) -> None:
    chance, tree = random.Random(7), parsed.parse(claims.pattern, re.IGNORECASE)
    texts = ("".join(likely(tree, chance)) for _ in range(20_000))
    matched = [text for text in texts if claims.search(text)]
    unseen = [m for m in matched if not any(sign in m.casefold() for sign in sound._SIGNS)]
    assert len(matched) > 15_000
    assert unseen == []
