"""Screenshot, document and lens: told by names and headers, never against a camera's word."""

import struct
import subprocess
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from daemon.engines.choice import Choice, description_key
from daemon.media.identify import identify
from daemon.media.origin import Traces, origin, xmp_comment
from daemon.media.told import camera_name, lens_name, told_by, told_by_film
from metadata.asset import Asset
from tests import drawn

LIMIT = 100_000_000
NONE = Traces()
EXIF, SOFTWARE, COMMENT, EXPOSURE, LENS_MAKE, LENS = 0x8769, 0x0131, 0x9286, 0x829A, 0xA433, 0xA434
A4 = (2480, 3508)


def preview(path: Path) -> bytes | None:
    called = subprocess.run(
        ["exiftool", "-b", "-PreviewImage", path], capture_output=True, check=True
    )
    return called.stdout or None


def known(path: Path) -> Asset:
    return identify(path, LIMIT, preview)


def exif(top: dict[int, object], shot: dict[int, object]) -> Image.Exif:
    made = drawn.exif()
    made.update(top)
    made.get_ifd(EXIF).update(shot)
    made[EXIF] = made.get_ifd(EXIF)
    return made


@pytest.mark.parametrize(
    "name",
    [
        "Screenshot 2024-07-03 at 18.20.11.png",
        "Screen Shot 2019-07-03 at 18.20.11 (2).png",
        "Screenshot_20240703-182011_Chrome.jpg",
        "Screenshot_2024-07-03-18-20-11-123_com.app.jpg",
        "Screenshot (12).png",
        "2024-07-03 Screenshot.png",
        "screenshot.webp",
        "Screenshot",
        "Bildschirmfoto 2024-07-03 um 18.20.11.png",
        "Bildschirmfoto vom 2024-07-03 18-20-11.png",
        "Capture d’écran 2024-07-03 à 18.20.11.png",
        "Capture d'e\u0301cran 2024-07-03.png",
        "CAPTURE D'ÉCRAN.PNG",
        "Captura de pantalla 2024-07-03 182011.png",
        "Captura de ecrã 2024-07-03.png",
        "Captura de tela de 2024-07-03 18-20-11.png",
        "Schermata 2024-07-03 alle 18.20.11.png",
        "Schermafbeelding 2024-07-03.png",
        "Skärmavbild 2024-07-03.png",
        "Zrzut ekranu 2024-07-03.png",
        "Снимок экрана 2024-07-03.png",
        "Скриншот 03-07-2024.png",
        "Знімок екрана.png",
        "スクリーンショット 2024-07-03 18.20.11.png",
        "截屏2024-07-03 18.20.11.png",
        "屏幕截图 2024-07-03 182011.png",
        "屏幕快照 2019-07-03.png",
        "螢幕截圖 2024-07-03.png",
        "스크린샷 2024-07-03.png",
        "स्क्रीनशॉट 2024-07-03.png",
        "لقطة شاشة 2024.png",
        "2024-07-03-182011_1920x1080_scrot.png",
    ],
)
def test_a_system_names_its_screenshots(name: str) -> None:
    assert origin(name, NONE, 1920, 1080) == "screenshot"


@pytest.mark.parametrize(
    "name",
    ["IMG_1234.JPG", "screenshots-cover.png", "my screenshot.png", "Schermatastic.png",
     "Scandinavia.jpg", "Scanner-review.jpg", "scanner.jpg", "documentary.jpg", "a.png", ".png", "",
     "\udcff\udcfe.png", "Capture du lion.jpg"],
)  # fmt: skip
def test_other_names_say_nothing(name: str) -> None:
    for size in ((1920, 1080), A4):
        assert origin(name, NONE, *size) is None


@pytest.mark.parametrize(
    "name",
    ["Scanned Document 2.jpg", "Scanned Documents.png", "Adobe Scan 3 Jul 2024.jpg",
     "CamScanner 07-03-2024 18.20.jpg", "Gescanntes Dokument.jpg", "Documents scannés.jpg",
     "Documento escaneado 3.jpg", "スキャンした書類.jpg", "扫描文件_1.jpg", "스캔한 문서.jpg"],
)  # fmt: skip
def test_an_app_names_its_documents(name: str) -> None:
    assert origin(name, NONE, 1000, 700) == "document"


@pytest.mark.parametrize(
    "name", ["Scan_20240703.jpg", "scan0001.tif", "Scan (2).png", "Numérisation_3.jpg",
             "Escaneo 12.png", "Scansione 3.jpg", "Digitalização.png", "Скан 1.jpg",
             "扫描0001.png"],
)  # fmt: skip
def test_a_scan_is_a_document_only_in_the_shape_of_paper(name: str) -> None:
    for width, height in (A4, (3508, 2480), (2550, 3300), (1275, 1650), (2550, 4200)):
        assert origin(name, NONE, width, height) == "document", (width, height)
    prints = ((1800, 1200), (2100, 1500), (3000, 2400), (4000, 3000), (1535, 1063), (210, 297))
    for width, height in prints:  # of 15 x 10, 7 x 5, 10 x 8, 4 x 3, 13 x 9; and a mere thumbnail
        assert origin(name, NONE, width, height) is None, (width, height)


@pytest.mark.parametrize(
    ("traces", "size", "expected"),
    [
        (Traces(comment="Screenshot"), (1170, 2532), "screenshot"),
        (Traces(comment="screen shot"), (1170, 2532), "screenshot"),
        (Traces(comment="Screenshot of the week"), (1170, 2532), None),
        (Traces(programs=("gnome-screenshot",)), (800, 600), "screenshot"),
        (Traces(programs=("Adobe Scan for iOS 24.1",)), (800, 600), "document"),
        (Traces(programs=("simple-scan 42.0",)), A4, "document"),
        (Traces(programs=("simple-scan 42.0",)), (1800, 1200), None),
        (Traces(programs=("FUJITSU", "ScanSnap iX500")), A4, "document"),
        (Traces(programs=("Adobe Photoshop 25.0", "Canon")), A4, None),
        (Traces(faxed=True), (1728, 1100), "document"),
    ],
)
def test_headers_tell_the_origin(
    traces: Traces, size: tuple[int, int], expected: str | None
) -> None:
    assert origin("a.png", traces, *size) == expected


@pytest.mark.parametrize("name", ["Screenshot 1.png", "Adobe Scan.jpg", "Scan_1.jpg", "a.jpg"])
def test_what_a_camera_exposed_is_neither(name: str) -> None:
    exposed = Traces(("gnome-screenshot", "CamScanner"), "Screenshot", exposed=True, faxed=True)
    assert origin(name, exposed, *A4) is None


def test_comments_in_xmp_are_found_where_systems_write_them() -> None:
    written = '<exif:UserComment>\n<rdf:Alt><rdf:li xml:lang="x-default">Screenshot</rdf:li>'
    assert xmp_comment(f"<x>{written}</rdf:Alt></exif:UserComment></x>") == "screenshot"
    assert xmp_comment('<x exif:UserComment="Screenshot"/>') == "screenshot"
    assert xmp_comment("<exif:UserComment>a</exif:UserComment><dc:title>Screenshot<") == ""
    assert xmp_comment("exif:UserComment" * 20_000) == ""


@pytest.mark.parametrize(
    "comment", [b"ASCII\0\0\0Screenshot", b"\0" * 8 + b"Screenshot\0\0",
                b"UNICODE\0" + "Screenshot".encode("utf-16-le"), b"Screenshot"],
)  # fmt: skip
def test_a_telephone_notes_screenshot_in_exif(tmp_path: Path, comment: bytes) -> None:
    for format in ("JPEG", "PNG"):
        path = tmp_path / f"IMG_0001.{format.lower()}"
        drawn.picture((390, 844)).save(path, format, exif=exif({}, {COMMENT: comment}))
        assert known(path).origin == "screenshot"


def test_a_photo_under_a_screenshots_name_stays_a_photo(tmp_path: Path) -> None:
    path = tmp_path / "Screenshot_1.jpg"
    drawn.picture().save(path, "JPEG", exif=exif({}, {EXPOSURE: 0.01}))
    assert known(path).origin is None


def test_the_words_of_a_png_tell_its_origin(tmp_path: Path) -> None:
    for key, value in (("Software", "gnome-screenshot"), ("Comment", "Screenshot")):
        said = PngImagePlugin.PngInfo()
        said.add_text(key, value)
        drawn.picture().save(tmp_path / "a.png", pnginfo=said)
        assert known(tmp_path / "a.png").origin == "screenshot"
    said = PngImagePlugin.PngInfo()
    said.add_itxt("XML:com.adobe.xmp", "<exif:UserComment><rdf:li>Screenshot</rdf:li>")
    drawn.picture().save(tmp_path / "b.png", pnginfo=said)
    assert known(tmp_path / "b.png").origin == "screenshot"
    assert known(drawn.png(tmp_path / "c.png")).origin is None


@pytest.mark.parametrize("compression", ["group3", "group4"])
def test_a_fax_is_a_document(tmp_path: Path, compression: str) -> None:
    pages = [Image.new("1", (1728, 1100), n % 2) for n in range(2)]
    fax, sketch = tmp_path / "fax.tif", tmp_path / "sketch.tif"
    pages[0].save(fax, compression=compression, save_all=True, append_images=pages[1:])
    assert known(fax).origin == "document"
    pages[0].save(fax, compression=compression, tiffinfo={0x129: (0, 1)})
    assert known(fax).origin == "document"
    pages[0].save(sketch, compression=compression)
    assert known(sketch).origin is None
    pages[0].save(sketch, save_all=True, append_images=pages[1:])
    assert known(sketch).origin is None


def test_a_film_and_a_raw_file_are_neither(tmp_path: Path) -> None:
    assert known(drawn.clip(tmp_path / "Screenshot.mp4", seconds=0.5)).origin is None
    assert known(drawn.raw(tmp_path / "Screenshot.dng")).origin is None


@pytest.mark.parametrize(
    ("make", "model", "camera", "lens"),
    [
        (None, "EF24-70mm f/2.8L II USM", "Canon", "EF24-70mm f/2.8L II USM"),
        ("Canon", "RF50mm F1.2 L USM", "Canon", "RF50mm F1.2 L USM"),
        ("Sigma", "24-70mm F2.8 DG DN", "SONY", "Sigma 24-70mm F2.8 DG DN"),
        ("SIGMA", "SIGMA 50mm F1.4", "SONY", "SIGMA 50mm F1.4"),
        ("Apple", "iPhone 15 Pro back camera 6.765mm f/1.78", "Apple",
         "iPhone 15 Pro back camera 6.765mm f/1.78"),
        ("----", "35mm F2", "LEICA", "35mm F2"),
        (None, "100mm f/2.8", None, "100mm f/2.8"),
        (None, " XF10-24mm\0junk", None, "XF10-24mm"),
        (None, "----", None, None),
        (None, "0.0 mm f/0.0", None, None),
        (None, "0mm", None, None),
        (None, "Canon 0-0mm", None, None),
        (None, "Unknown", None, None),
        ("Unknown", "N/A", None, None),
        (None, "(null)", None, None),
        (None, "0", None, None),
        (None, "65535", None, None),
        (None, "\0\0\0", None, None),
        (None, b"\xff\xff\xff\xff", None, None),
        (None, 7, None, None),
        ("Sigma", None, None, None),
    ],
)  # fmt: skip
def test_a_lens_has_a_name_or_there_is_none(
    make: object, model: object, camera: object, lens: str | None
) -> None:
    assert lens_name(make, model, camera) == lens


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "dng"])
def test_the_lens_is_found_in_every_format_with_exif(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    if suffix == "dng":
        drawn.raw(path)
        tags = ["-ExifIFD:LensModel=EF50mm f/1.8 STM", "-ExifIFD:LensMake=Canon"]
        subprocess.run(["exiftool", "-q", "-overwrite_original", *tags, path], check=True)
    else:
        drawn.picture().save(path, exif=exif({}, {LENS: "EF50mm f/1.8 STM", LENS_MAKE: "-"}))
    assert known(path).lens == "EF50mm f/1.8 STM"


def test_the_lens_of_a_film_is_found() -> None:
    lens = "iPhone 15 Pro back camera 6.765mm f/1.78"
    told = told_by_film({"com.apple.quicktime.camera.lens_model": lens, "make": "Apple"})
    assert told.lens == lens
    assert told_by_film({"com.apple.quicktime.camera.lens_model": "----"}).lens is None


@pytest.mark.parametrize("model", ["CanoScan LiDE 220", "Perfection V600", "ScanSnap iX500",
                                   "HP LaserJet MFP M28", "fi-7160"])  # fmt: skip
def test_a_scanner_is_no_camera(model: str) -> None:
    assert camera_name("EPSON", model) is None


def test_garbage_in_the_headers_is_no_trace() -> None:
    told = told_by(
        {SOFTWARE: 7, 0x010F: b"\xff\xfe"},
        {COMMENT: struct.pack("<8s", b"UNICODE\0") + b"\xd8", LENS: (1, 2), EXPOSURE: 0},
        {},
    )
    assert (told.lens, told.traces.exposed, told.traces.faxed) == (None, False, False)
    assert origin("a.jpg", told.traces, *A4) is None


def test_copies_with_other_names_or_lenses_get_words_of_their_own(tmp_path: Path) -> None:
    one = drawn.png(tmp_path / "a.png")
    other = tmp_path / "Screenshot.png"
    other.write_bytes(one.read_bytes())
    choice = Choice("builtin", "builtin@1", (), (), "")
    first, second = known(one), known(other)
    assert first.content == second.content
    assert description_key(first, choice, ()) != description_key(second, choice, ())
    for suffix, lens in (("a", "35mm F2"), ("b", "50mm F2")):
        drawn.picture().save(tmp_path / f"{suffix}.jpg", exif=exif({}, {LENS: lens}))
    keys = {description_key(known(tmp_path / f"{n}.jpg"), choice, ()) for n in "ab"}
    assert len(keys) == 2


def test_a_camera_or_lens_that_is_written_in_utf_8_is_read_as_such() -> None:
    maker, model, lens = (each.encode().decode("latin-1") for each in ("Лomo", "Зенит", "Гелиос"))
    told = told_by({0x010F: maker, 0x0110: model}, {0xA434: lens}, {})
    assert (told.camera, told.lens) == ("Лomo Зенит", "Гелиос")
