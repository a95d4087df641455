"""What of a transcript is not believed: loops, guesses, and what was learnt from subtitles; pure.

Thresholds: Radford et al. 2022 (Whisper), section 4.5. Where they fall short a stretch is left out
here, as nobody will look for the sound behind a wrong sentence.
"""

import re
import unicodedata
import zlib

LOOPING = 2.4
"""A text that can be compressed more than so many times says the same again and again."""
UNLIKELY = -1.0
"""The mean natural logarithm of the likelihood of its tokens below which a text is a guess."""
UNSURE = -0.5
SILENT = 0.6
"""How likely it must be that nobody speaks, where the model is *unsure* of the words, too."""
_WORDS = re.compile(r"[^\W_]+")
# Whoever made the subtitles that a model was trained on is named in them; nobody says that.
_CREDITS = (
    "amara org", "dimatorzok", "untertitelung des zdf", "untertitelung aufgrund der amara",
    "untertitel im auftrag des zdf", "subtitles by", "subtitled by", "captions by",
    "sous titres réalisés", "sous titrage", "sottotitoli creati dalla", "sottotitoli a cura",
    "subtítulos realizados por", "legendas pela comunidade", "ondertiteld door",
    "napisy stworzone przez", "субтитры сделал", "субтитры создавал", "редактор субтитров",
    "字幕志愿者", "字幕by", "请不吝点赞", "字幕視聴ありがとうございました", "자막 제공",
)  # fmt: skip
# What films end with: a model fills silence with it, and sometimes somebody does say it.
_PARTINGS = frozenset((
    "you", "bye", "bye bye", "thank you", "thank you very much", "thank you so much",
    "thanks for watching", "thank you for watching", "thank you so much for watching",
    "please subscribe", "please subscribe to my channel", "like and subscribe",
    "see you next time", "see you in the next video", "merci", "merci d avoir regardé",
    "merci d avoir regardé cette vidéo", "vielen dank", "vielen dank fürs zuschauen",
    "danke fürs zuschauen", "bis zum nächsten mal", "gracias", "gracias por ver",
    "gracias por ver el video", "suscríbete al canal", "grazie", "grazie per la visione",
    "obrigado", "obrigado por assistir", "продолжение следует", "спасибо за просмотр",
    "ご視聴ありがとうございました", "谢谢观看", "謝謝觀看", "시청해주셔서 감사합니다", "감사합니다",
))  # fmt: skip


def why_doubted(text: str, likelihood: float, silence: float) -> str:
    """Say why the *text* of a stretch is not believed; nothing where it is.

    *likelihood* is the mean logarithm of its tokens' likelihood, *silence* how likely it is that
    nobody speaks.
    """
    if packed(text) > LOOPING:
        return "it says the same again and again"
    if likelihood < UNLIKELY:
        return "it is a guess"
    if silence > SILENT and likelihood < UNSURE:
        return "nobody seems to speak"
    return ""


def is_made_up(line: str, likelihood: float, silence: float) -> bool:
    """Tell whether a *line* is what models fill silence with, and not what was said."""
    said = " ".join(_WORDS.findall(unicodedata.normalize("NFC", line).lower()))
    if any(credit in said for credit in _CREDITS):
        return True
    return said in _PARTINGS and (likelihood < UNSURE or silence > SILENT / 2)


def packed(text: str) -> float:
    """Tell how many times smaller *text* gets by compression; 0 for no text."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0
