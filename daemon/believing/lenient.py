"""JSON as models write it: cut off, with single quotes or bare commas; strict JSON all the same."""

import re
from dataclasses import dataclass

Value = str | float | bool | list["Value"] | dict[str, "Value"] | None
"""Numbers are all floats."""
DEEPEST = 8
_SPACE = re.compile(r"[\s\ufeff]*")
_PLAIN = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z]+")
_WORDS: dict[str, bool | None] = {
    "true": True, "false": False, "null": None, "none": None, "nan": None, "undefined": None,
}  # fmt: skip
_KEY = re.compile(r"[A-Za-z_][\w -]{0,40}(?=\s*:)")
_AFTER = re.compile(
    r"\s*(?:[:\]}]|$|,\s*(?:[\"'{\[\]},\d.-]|$|(?:true|false|null|none)\b|\w[\w -]{0,40}\s*:))",
    re.IGNORECASE,
)
"""What stands behind the end of a string, and behind no quotation mark inside of one."""
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": ""}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.)|$)", re.DOTALL)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")
"""No file and no message between processes can hold one."""


class _NoJson(Exception):
    """The text is not JSON, however leniently one reads."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value, where in the text it ended, and whether it was *whole*."""

    value: Value
    end: int
    whole: bool


def read(text: str, start: int = 0) -> Found | None:
    """Read the value that begins at *start*; None where there is none."""
    reader = _Reader(text, start)
    try:
        value = reader.value(0)
    except _NoJson:
        return None
    return Found(value, reader.at, reader.whole)


class _Reader:
    """Walks through a text once, from *at* on."""

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self.at = at
        self.whole = True

    def value(self, depth: int) -> Value:
        """Read one value; raises _NoJson."""
        sign = self._next()
        if depth > DEEPEST:
            raise _NoJson
        if sign == "{":
            return self._object(depth)
        if sign == "[":
            return self._array(depth)
        return self._string(sign) if sign in ("'", '"') and sign else self._plain()

    def _next(self) -> str:
        found = _SPACE.match(self._text, self.at)
        self.at = found.end() if found else self.at
        return self._text[self.at : self.at + 1]

    def _plain(self) -> Value:
        found = _PLAIN.match(self._text, self.at)
        if found is None:
            raise _NoJson
        self.at = found.end()
        word = found[0].lower()
        if word[0].isalpha():
            if word not in _WORDS:
                raise _NoJson
            return _WORDS[word]
        return float(word)

    def _object(self, depth: int) -> dict[str, Value]:
        self.at += 1
        made: dict[str, Value] = {}
        while self._more("}"):
            key = self._named()
            if not self._is_there(":"):
                break
            self.at += 1
            if not self._next():
                self.whole = False
                break
            made.setdefault(key, self.value(depth + 1))
        return made

    def _array(self, depth: int) -> list[Value]:
        self.at += 1
        made: list[Value] = []
        while self._more("]"):
            made.append(self.value(depth + 1))
        return made

    def _more(self, close: str) -> bool:
        """Go to the next item of a list or an object; False behind the end of it."""
        while self._next() == ",":
            self.at += 1
        sign = self._next()
        if not sign:
            self.whole = False
            return False
        if sign == close:
            self.at += 1
            return False
        return True

    def _is_there(self, sign: str) -> bool:
        """Tell whether *sign* comes next, or the text was cut off; anything else is no JSON."""
        if self._next() == sign:
            return True
        if self._next():
            raise _NoJson
        self.whole = False
        return False

    def _named(self) -> str:
        sign = self._next()
        if sign in ("'", '"'):
            return self._string(sign)
        found = _KEY.match(self._text, self.at)
        if found is None:
            raise _NoJson
        self.at = found.end()
        return found[0].strip()

    def _string(self, quote: str) -> str:
        """Read a string; its end is a quotation mark behind which an item can be over."""
        start = at = self.at + 1
        while True:
            at = self._text.find(quote, at)
            if at < 0:
                self.at, self.whole = len(self._text), False
                return _unescaped(self._text[start:])
            if not _is_escaped(self._text, at) and _AFTER.match(self._text, at + 1):
                self.at = at + 1
                return _unescaped(self._text[start:at])
            at += 1


def _is_escaped(text: str, at: int) -> bool:
    before = at
    while before > 0 and text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1


def _unescaped(text: str) -> str:
    plain = _PAIR.sub(_joined, _ESCAPE.sub(_sign, text))
    return _HALF.sub("", plain)


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _sign(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return _ESCAPED.get(found[2] or "", found[2] or "")
