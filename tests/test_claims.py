"""What the engine may say: nothing that was measured to be wrong too often."""

import pytest

from daemon.config import Config, EngineChoice
from daemon.engines.builtin.claims import Claims, claim_of, measured
from daemon.engines.choice import choose
from daemon.toml_keys import ConfigError
from metadata.description import (
    Code,
    Colour,
    Description,
    Fact,
    Look,
    Sentiment,
    Spoken,
    TextLine,
    Video,
)

SURE, DOUBTFUL = 0.98, 0.94
BLURRY = Fact("blurry", True, "measured")
TONE = Fact("text_tone", "positive", "ocr")
SAID = Description(
    look=Look((Colour("red", 0.5, "#ff0000"), Colour("teal", 0.3, "#008080")), (BLURRY, TONE)),
    sentiment=Sentiment("positive", 0.9),
    text=(TextLine("Bonjour", "fr"),),
    codes=(Code("123", "EAN-13"),),
    transcript=(Spoken(0.0, 1.0, "en", "Hello"),),
    video=Video(25.0, True, 2, (1.0,)),
)


def without(*claims: str) -> Description:
    return Claims(dict.fromkeys(claims, DOUBTFUL)).believed(SAID)


@pytest.mark.parametrize(
    ("fact", "name"),
    [
        (BLURRY, "blurry:true"),
        (Fact("blurry", False, "measured"), "blurry:false"),
        (TONE, "text_tone:positive"),
        (Fact("place_km", 4.1, "rule"), "place_km"),
    ],
)
def test_a_claim_is_named_by_fact_and_value(fact: Fact, name: str) -> None:
    assert claim_of(fact) == name


def test_what_is_sure_is_said_with_its_measured_certainty() -> None:
    said = Claims({"blurry:true": SURE}).believed(SAID)
    assert said.look.facts[0] == Fact("blurry", True, "measured", SURE)
    assert said.look.colours == SAID.look.colours
    assert said.sentiment == SAID.sentiment


def test_what_the_file_says_of_itself_is_as_sure_as_the_file() -> None:
    lens = Fact("lens", "35 mm", "metadata")
    said = Claims({"lens": 0.97}).believed(Description(look=Look(facts=(lens,))))
    assert said.look.facts == (Fact("lens", "35 mm", "metadata", 1.0),)


def test_a_value_that_was_not_measured_by_itself_goes_by_its_name() -> None:
    country = Fact("country", "PT", "rule")
    said = Description(look=Look(facts=(country,)))
    assert Claims({"country": DOUBTFUL}).believed(said).look.facts == ()
    assert Claims({"country": SURE}).believed(said).look.facts[0].score == SURE


def test_what_is_doubtful_is_left_out() -> None:
    assert without("blurry:true").look.facts == (TONE,)
    assert [c.name for c in without("colour:teal").look.colours] == ["red"]
    assert without("text").text == ()
    assert without("text_language").text == (TextLine("Bonjour"),)
    assert without("code").codes == ()
    assert without("transcript").transcript == ()
    assert without("cuts").video == Video(25.0, True, 2)
    assert without("shots").video == Video(25.0, True, None, (1.0,))


def test_a_sentiment_goes_with_the_tone_that_it_rests_on() -> None:
    said = without("text_tone:positive")
    assert said.sentiment == Sentiment()
    assert said.look.facts == (BLURRY,)


def test_the_user_may_ask_for_what_is_doubtful() -> None:
    claims = Claims({"blurry:true": DOUBTFUL}, ("blurry:true",))
    assert claims.believed(SAID).look.facts[0].score == DOUBTFUL


def test_the_table_holds_probabilities() -> None:
    assert measured()
    assert all(0 <= bound <= 1 for bound in measured().values())


def test_a_claim_that_does_not_exist_is_a_mistake_in_the_configuration() -> None:
    name = next(iter(measured()))
    asked = Config(engine=EngineChoice(tentative=(name,)))
    assert choose(asked).tentative == (name,)
    with pytest.raises(ConfigError, match=f"did you mean '{name}'"):
        choose(Config(engine=EngineChoice(tentative=(f"{name}x",))))
