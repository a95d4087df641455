"""What a file is that is no media captiond can read, said in words for a person."""

from metadata.reasons import Reason

_TEXTS = (
    ("#extm3u", "an m3u8 playlist"),
    ("ffconcat", "a list of files (ffconcat)"),
    ("v=0", "a session description (SDP)"),
    ("[playlist]", "a playlist"),
    ("rtsptext", "a playlist"),
    ("<mpd", "a DASH playlist"),
    ("<smoothstreamingmedia", "a streaming playlist"),
    ("<asx", "a playlist"),
    ("<!doctype html", "a web page"),
    ("<html", "a web page"),
    ("%pdf", "a PDF document"),
    ("{\\rtf", "a text document"),
    ("#!", "a script"),
)
_SOUND = "a sound file"
_PARTS = (
    (0, b"PK\3\4", "a ZIP archive or an office document"),
    (0, b"PK\5\6", "an empty ZIP archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"\xfd7zXZ\0", "an xz archive"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a Windows program"),
    (0, b"SQLite format 3\0", "a database"),
    (0, b"\xd0\xcf\x11\xe0", "an office document"),
    (8, b"WAVE", _SOUND),
    (8, b"AIFF", _SOUND),
    (0, b"ID3", _SOUND),
    (0, b"fLaC", _SOUND),
    (0, b"OggS", _SOUND),
    (8, b"M4A", _SOUND),
    (8, b"M4B", _SOUND),
    (0, b"\xff\xfb", _SOUND),
    (0, b"\xff\xf1", _SOUND),
    (0, b"\xff\xf9", _SOUND),
)
_PICTURES = (
    (0, b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (0, b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (0, b"8BPS\0\2", "a large Photoshop document (PSB)"),
    (0, b"gimp xcf", "a GIMP picture"),
    (0, b"\0\0\1\0", "an icon"),
    (0, b"\x76\x2f\x31\x01", "an OpenEXR picture"),
    (0, b"FOVb", "a Sigma X3F picture"),
    (0, b"\0MRM", "a Minolta MRW picture"),
    (0, b"%!PS", "a PostScript document"),
    (0, b"qoif", "a QOI picture"),
    (0, b".RMF", "a RealMedia film"),
)
_TEXT_CONTROLS = set(b"\t\n\r\f\x1b")


def stranger(head: bytes) -> tuple[Reason, str]:
    """Name what begins with *head*, and the reason it is refused for."""
    if not head.strip(b"\0"):
        return Reason.TRUNCATED, "it begins with zeros; the copy is probably not finished"
    for table, reason in ((_PICTURES, Reason.UNSUPPORTED), (_PARTS, Reason.NOT_MEDIA)):
        for at, mark, words in table:
            if head[at : at + len(mark)] == mark:
                return reason, words
    return _text(head)


def _text(head: bytes) -> tuple[Reason, str]:
    if not _is_text(head):
        return Reason.NOT_MEDIA, f"unknown content that begins with {head[:8].hex(' ')}"
    begin = head[:4096].decode("utf-8", "replace").lstrip("\ufeff \t\r\n").lower()
    if "<svg" in begin:
        return Reason.UNSUPPORTED, "an SVG drawing"
    for mark, words in _TEXTS:
        if begin.startswith(mark) or (mark[0] == "<" and mark in begin):
            return Reason.NOT_MEDIA, words
    return Reason.NOT_MEDIA, "an XML document" if begin.startswith("<?xml") else "a text file"


def _is_text(head: bytes) -> bool:
    """Tell text by the lack of control characters; UTF-16 begins with its byte order mark."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    return all(byte >= 0x20 or byte in _TEXT_CONTROLS for byte in set(head[:4096]))
