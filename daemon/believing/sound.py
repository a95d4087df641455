"""Claims about sound by who heard none; what is seen of sound (a singer, a drum) is no claim."""

import re

from daemon.believing.sentences import sentences, unquoted

_HOW = (
    r"(?:background|ambient|upbeat|soft|gentle|cheerful|dramatic|calm|lively|loud|faint|distant"
    r"|muffled|instrumental|electronic|orchestral|relaxing|tense|soothing|classical|rhythmic"
    r"|energetic|mellow|melodic)"
)
_NOISE = (
    r"(?:laughter|applause|voices?|chatter|birdsong|thunder|sirens?|footsteps|cheers|cheering"
    r"|shouts|shouting|screams?|barking|chirping|bells?|chanting|music|sounds?|noises?|melody"
    r"|tune|song|beat)"
)
_CLAIMS = (
    r"(?:can|could|may|might|is|are|be|being|was|were|we|you|one|i)\s+"
    r"(?:(?:also|clearly|faintly|only|just|then|can|could)\s+)*hear(?:d)?\b",
    r"heard (?:in|over|throughout|from|behind|off|as|above|during)\b",
    r"(?:in)?audibl[ey]\b",
    r"(?-i:sounds? of|(?<![a-z] )Sounds? of) ",  # no "Sound of Sleat"
    r"sound effects?\b|soundtrack\b|background (?:music|noise|sounds?|audio|vocals?)\b",
    rf"{_HOW} (?:and \w+ )?(?:music|sounds?|noises?|audio|melody|tune|rumble|hum|laughter|voices?"
    r"|applause|chatter|thunder|bang|soundscape)\b",
    r"(?:music|jazz|song|melody|tune)"
    r" (?:(?:is|softly|quietly|gently|also|that|then) ){0,2}(?:plays|playing in|played in"
    r"|is playing|fills|filling|swells|starts|begins|stops|fades|continues|builds|accompan\w+"
    r"|throughout|blares?|blaring|drifts?|underscores?|in the background|adds|sets|heightens)\b",
    r"music is playing\b|(?:with|over|against) music\b(?! (?:stand|sheet|note|book|score))",
    rf"accompanied by (?:[\w-]+ ){{0,3}}(?:{_NOISE}|narration|soundtrack|audio|commentary)\b",
    r"the (?:audio|(?-i:sound))(?! (?:equipment|system|engineer|mixer|board|desk|technician|booth"
    r"|cable|recorder|device|interface|console|guide|studio|stage|wave|bowl|box|hole))\b",
    r"audio (?:track|features|includes|contains|consists|plays|captures)\b",
    r"(?:no|without|any|lacks|lacking) (?:sounds?|audio|music|dialogue|narration|speech)\b"
    r"(?! (?:equipment|system|stand|instruments?))",
    r"(?:video|clip|footage|film|recording) (?:is|remains|appears to be) (?:\w+ly )?silent\b",
    r"silent (?:video|clip|footage|film|recording)\b|in (?:complete |total )?silence\b",
    rf"{_NOISE} (?:[\w-]+ ){{0,2}}?(?:rings? out|ringing out|echo(?:es|ing)?|erupts?|resound\w*"
    r"|fills? the (?:air|room|scene|hall|space)|filling the (?:air|room|scene|hall|space))\b",
    r"(?:voices|laughter|applause|birdsong|sirens?|chirping) in the (?:background|distance)\b",
    r"(?:barks?|barking|shouts?|shouting|cries|crying|sings?|singing|laughs?|laughing|talks?"
    r"|talking|speaks?|speaking|cheers?|cheering|honks?|honking|meows?|roars?|plays?) "
    r"(?:loudly|noisily|softly in the background)\b",
    r"(?:engines?|motors?|t[iy]res?|brakes?|waves|wind|thunder) (?:is |are )?"
    r"(?:roar(?:s|ing)?|screech\w*|howl\w*|hum(?:s|ming)?|rumbl\w+)\b",
    r"(?:engine|motor|wind|water|traffic|crowd|city|street|rustling|crackling|splashing|buzzing|humming|chirping|rumbling|ticking|roaring)"
    r" (?:sounds?|noises?)\b",
)
_WHO = (
    r"(?:man|woman|person|speaker|host|presenter|reporter|teacher|instructor|girl|boy|child|someone"
    r"|he|she|they|interviewer|interviewee|anchor|commentator|voice|singer|announcer|guide|people)"
)
_SPOKEN = (
    r"narrat(?:or|ors|ion|es|ing|ed)\b|voice-?\s?overs?\b|commentary\b|dialogue\b",
    r"(?:male|female|man's|woman's|child's|deep|calm|off-screen|unseen|robotic) voices?\b",
    r"voices? (?:is|are|can|says?|speaks?|explains?|calls?|narrates?|describ\w+|from off)\b",
    rf"{_WHO} (?:(?:then|also|\w+ly) )?(?:says?|said|states|announces|mentions|tells|asks"
    r"|comments|recounts|talks about|speaks about|is saying|is talking about|is speaking about"
    r"|explains? (?:how|that|why|what|the)|is explaining)\b",
    r"(?:saying|stating|announcing|mentioning) (?:that|\"|“)",
    r"speak(?:s|ing)? (?:in )?(?:English|Spanish|French|German|Italian|Portuguese|Hindi|Chinese"
    r"|Mandarin|Japanese|Korean|Russian|Arabic|a foreign language)\b",
)
_SIGNS = (
    "hear", "aud", "sound", "music", "noise", "vocal", "melod", "tune", "rumbl", "hum", "laugh",
    "voice", "chatter", "thunder", "bang", "jazz", "song", "narrat", "comment", "dialogue",
    "speech", "silen", "siren", "footstep", "cheer", "shout", "scream", "bark", "chirp", "bell",
    "applau", "chant", "beat", "cries", "crying", "sing", "talk", "speak", "honk", "meow", "roar",
    "play", "screech", "howl", "say", "said", "saying", "stat", "announc", "mention", "tell", "ask",
    "recount", "explain",
)  # fmt: skip
"""Of these every claim has one. Few texts have any, and to look for them takes a hundredth."""
_ANY = re.compile(rf"\b(?:{'|'.join(_CLAIMS)})", re.IGNORECASE)
_SPEECH = re.compile(rf"\b(?:{'|'.join(_SPOKEN)})", re.IGNORECASE)
_JOINT = re.compile(
    r",?\s+(?=(?:while|as|with|and|accompanied|amid|against|over|to)\s)|\s*[,;]\s+(?=\S)"
)
_FEWEST = 4
"""A sentence of fewer words is not left behind of a longer one."""


def without_claims(paragraph: str, heard: bool) -> str:
    """Leave out what *paragraph* claims of sound, and with *heard* only what is not of speech.

    A claim at the end of a sentence goes alone, any other with its sentence.
    """
    if not _claims(paragraph, heard):
        return paragraph
    kept = (_silenced(sentence, heard) for sentence in sentences(paragraph))
    return " ".join(filter(None, kept))


def _claims(text: str, heard: bool) -> bool:
    own = unquoted(text).replace("’", "'")
    small = own.casefold()
    if not any(sign in small for sign in _SIGNS):
        return False
    return bool(_ANY.search(own)) or (not heard and bool(_SPEECH.search(own)))


def _silenced(sentence: str, heard: bool) -> str:
    if not _claims(sentence, heard):
        return sentence
    joints = [found.start() for found in _JOINT.finditer(unquoted(sentence))]
    for joint in reversed(joints):
        head = sentence[:joint]
        if len(head.split()) >= _FEWEST and not _claims(head, heard):
            return head.rstrip(" ,;") + "."
    return ""
