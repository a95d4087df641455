"""A poster: words in Spanish, and a QR code that holds an address."""

import numpy as np
import zxingcpp
from paint import canvas_of, grain, picture
from PIL import Image, ImageDraw, ImageFont

ADDRESS = "https://example.org/concierto"
WORDS = (
    ("CONCIERTO", 0.25, 0.105),
    ("DE VERANO", 0.37, 0.105),
    ("canciones al aire libre en el parque", 0.49, 0.043),
    ("viernes 12 de julio, a las ocho", 0.55, 0.043),
)
PAPER, SUN, INK = (250, 236, 196), (238, 128, 38), (60, 34, 84)


def poster(width: int, height: int) -> Image.Image:
    """Draw the poster as a scanner would see it."""
    image = Image.new("RGB", (width, height), PAPER)
    brush = ImageDraw.Draw(image)
    brush.ellipse((-0.2 * width, 0.62 * height, 0.62 * width, 1.2 * height), SUN)
    brush.rectangle((0, 0, width, 0.1 * height), INK)
    for words, y, size in WORDS:
        font = ImageFont.load_default(size * height)
        brush.text((width / 2, y * height), words, INK, font, "mm")
    code = _code(round(width * 0.3))
    image.paste(code, (round(width * 0.64), round(height * 0.7)))
    return picture(grain(np.random.default_rng(12), canvas_of(image), 0.01))


def _code(side: int) -> Image.Image:
    made = zxingcpp.create_barcode(ADDRESS, zxingcpp.BarcodeFormat.QRCode)
    modules = Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(made, scale=1)))
    return modules.resize((side, side), Image.Resampling.NEAREST)
