"""Screenshot or document, by what a file's name and headers say; never by how it looks.

The words are those that desktops, phones and scanning programs put into names in their own
languages. A picture that was exposed by a camera is neither, whatever its name says.
"""

import re
import unicodedata
from dataclasses import dataclass

SCREENSHOT, DOCUMENT = "screenshot", "document"

_SHOT_NAMES = (
    "screenshot", "screen shot", "screencapture", "screen capture", "screenclip",
    "bildschirmfoto", "bildschirmaufnahme", "bildschirmausschnitt",
    "capture d'écran", "capture d'ecran", "copie d'écran",
    "captura de pantalla", "captura de la pantalla", "pantallazo", "recorte de pantalla",
    "captura de ecrã", "captura de ecra", "captura de tela",
    "schermata", "istantanea schermo", "cattura schermo",
    "schermafbeelding", "schermafdruk", "schermopname",
    "skärmbild", "skärmavbild", "skärmdump", "skærmbillede", "skjermbilde", "skjermdump",
    "näyttökuva", "kuvakaappaus", "zrzut ekranu", "snímek obrazovky", "snímka obrazovky",
    "képernyőkép", "képernyőfotó", "captură de ecran", "ekran görüntüsü", "ekran resmi",
    "ekran alıntısı", "στιγμιότυπο οθόνης", "στιγμιότυπο",
    "скриншот", "снимок экрана", "знімок екрана", "знімок екрану", "екранна снимка",
    "スクリーンショット", "画面キャプチャ",
    "截屏", "截图", "截圖", "屏幕截图", "屏幕快照", "螢幕截圖", "螢幕快照", "qq截图", "微信截图",
    "스크린샷", "화면 캡처", "화면캡처", "स्क्रीनशॉट",
    "لقطة شاشة", "لقطة الشاشة", "צילום מסך", "ภาพหน้าจอ", "ảnh chụp màn hình", "ảnh màn hình",
    "tangkapan layar", "cuplikan layar", "syot layar",
)  # fmt: skip
_PAPER_NAMES = (
    "scanned document", "scanned documents", "gescanntes dokument", "gescannte dokumente",
    "document scanné", "documents scannés", "document numérisé", "documents numérisés",
    "documento escaneado", "documentos escaneados", "documento scansionato",
    "documenti scansionati", "documento digitalizado", "documentos digitalizados",
    "gescand document", "skannat dokument", "inskannat dokument", "scannet dokument",
    "skannet dokument", "skannattu asiakirja", "zeskanowany dokument", "naskenovaný dokument",
    "отсканированный документ", "скан документа", "taranmış belge", "taranan belge",
    "スキャンされた書類", "スキャンした書類", "スキャン書類", "扫描文稿", "扫描文件", "掃描文件",
    "스캔한 문서", "스캔 문서", "स्कैन किया गया दस्तावेज़", "स्कैन किए गए दस्तावेज़",
)  # fmt: skip
_SCAN_NAMES = (
    "scan", "scanned", "gescannt", "eingescannt", "numérisation", "numérisé", "numérisée",
    "escaneo", "escaneado", "escáner", "digitalización", "digitalização", "digitalizado",
    "scansione", "skan", "skanowanie", "sken", "skannaus", "skanning", "tarama",
    "скан", "сканирование", "スキャン", "扫描", "掃描", "스캔", "स्कैन",
)  # fmt: skip
_SHOT_PROGRAMS = (
    "gnome-screenshot", "mate-screenshot", "xfce4-screenshooter", "deepin-screenshot",
    "spectacle", "ksnip", "flameshot", "greenshot", "lightshot", "snipping tool", "snippingtool",
)  # fmt: skip
_PAPER_PROGRAMS = (
    "adobe scan", "camscanner", "intsig", "扫描全能王", "genius scan", "office lens",
    "microsoft lens", "scanbot", "swiftscan", "turboscan", "tapscanner", "vflat",
)  # fmt: skip
_SCAN_PROGRAMS = (
    "simple-scan", "document scanner", "naps2", "epson scan", "hp scan", "ij scan", "skanlite",
    "xsane", "scansnap", "paperstream", "imageformula", "imagerunner", "bizhub", "workcentre",
    "documate", "taskalfa",
)  # fmt: skip
# A scan is a document only in the shape of its paper: ISO 216, US letter, US legal. Prints have
# others; the nearest, 5 x 7 inches, is 1 % away.
_PAPER_SHAPES = (2**0.5, 11 / 8.5, 14 / 8.5)
_SHAPE_ERROR = 0.006
_SMALLEST_PAGE = 500
_XMP_COMMENT = re.compile(
    r"(?<!/)exif:UserComment\b(?:[^<]|<(?!/exif:)){0,200}?[>\"']screen ?shot[<\"']", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Traces:
    """What the headers tell of how a picture came about.

    *programs* are the software and the device as they name themselves, *comment* is what was
    noted with it, *exposed* says that a lens or an exposure is told, *faxed* that it is a page of
    black and white in a fax coding.
    """

    programs: tuple[str, ...] = ()
    comment: str = ""
    exposed: bool = False
    faxed: bool = False


def origin(name: str, traces: Traces, width: int, height: int) -> str | None:
    """Tell ``screenshot`` or ``document`` of a picture of this file *name*, else None."""
    if traces.exposed:
        return None
    stem = _plain(name.rpartition(".")[0] or name)
    if _is_shot(stem, traces):
        return SCREENSHOT
    return DOCUMENT if _is_paper(stem, traces, _is_page(width, height)) else None


def xmp_comment(xmp: str) -> str:
    """Find in XMP the comment that systems note with a screenshot."""
    return SCREENSHOT if _XMP_COMMENT.search(xmp) else ""


def _is_shot(stem: str, traces: Traces) -> bool:
    if _SHOT.match(stem) or stem.endswith(" scrot"):
        return True
    return bool(_SHOT.fullmatch(_plain(traces.comment))) or _by(_SHOT_PROGRAMS, traces)


def _is_paper(stem: str, traces: Traces, page: bool) -> bool:
    if _PAPER.match(stem) or _by(_PAPER_PROGRAMS, traces) or traces.faxed:
        return True
    return page and (bool(_SCAN.match(stem)) or _by(_SCAN_PROGRAMS, traces))


def _by(programs: tuple[str, ...], traces: Traces) -> bool:
    told = _plain(" | ".join(traces.programs))
    return any(program in told for program in programs)


def _is_page(width: int, height: int) -> bool:
    short, long = sorted((width, height))
    if short < _SMALLEST_PAGE:
        return False
    return any(abs(long / short / shape - 1) < _SHAPE_ERROR for shape in _PAPER_SHAPES)


def _plain(text: str) -> str:
    """Make spellings comparable: composed, small, straight apostrophes, blanks for underscores."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return re.sub(r"[\s_]+", " ", composed.replace("’", "'"))


def _named(*phrases: str) -> re.Pattern[str]:
    """Match a name that begins with one of *phrases*, a date or a number before it or not."""
    either = "|".join(re.escape(_plain(phrase)) for phrase in phrases)
    return re.compile(rf"[\d\W_]*(?:{either})(?![^\W\d_])")


_SHOT = _named(*_SHOT_NAMES)
_PAPER = _named(*_PAPER_NAMES, *_PAPER_PROGRAMS)
_SCAN = _named(*_SCAN_NAMES)
