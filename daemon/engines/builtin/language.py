"""Which language a text is in, where that is certain; a wrong answer is worse than none.

py3langid knows languages by sequences of letters; what it says is trusted only for texts that are
long enough and that it is sure of.
"""

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

LANGUAGES = (
    "ca", "cs", "da", "de", "en", "es", "et", "eu", "fi", "fr", "ga", "gl", "hr", "hu", "id", "is",
    "it", "ja", "la", "lt", "lv", "ms", "nl", "no", "pl", "pt", "ro", "sk", "sl", "sq", "sv", "tl",
    "tr", "zh",
)  # fmt: skip
"""What is written in letters that captiond can read; ISO 639."""
SURE = 0.9
ENOUGH = 12
"""Letters of an alphabet; of Chinese and Japanese characters a third is enough."""


def language_of_text(text: str) -> str | None:
    """Name the language of *text* (BCP 47), None where it is not certain."""
    if sum(map(_weight, text)) < ENOUGH:
        return None
    language, sure = _identifier().classify(text.lower())
    return language if sure >= SURE else None


def _weight(letter: str) -> int:
    if not letter.isalpha():
        return 0
    return 3 if letter >= "\u3040" else 1


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
