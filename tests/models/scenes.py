"""Drawn scenes whose caption, tags and sentiment are known: coloured shapes, at rest or moving.

A picture is a circle (a thick ring), a square or a cross, alone or two of them, on a light, grey
or dark background; its "sentiment" is the background's lightness. A tenth of all pairs, and of
all shapes in motion, chosen by their hash, is never trained on. The frozen sets were chosen by
seed before the first training, and no seed by its result.
"""

import io
import random
import zlib
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

Colour = tuple[int, int, int]
COLOURS: dict[str, Colour] = {
    "red": (220, 30, 30), "green": (30, 170, 50), "blue": (40, 60, 220),
    "yellow": (235, 215, 40), "purple": (150, 40, 190), "cyan": (40, 205, 225),
}  # fmt: skip
SHAPES = ("circle", "square", "cross")
BACKGROUNDS: dict[str, Colour] = {
    "light": (245, 245, 245), "grey": (128, 128, 128), "dark": (18, 18, 18),
}  # fmt: skip
SENTIMENTS = {"light": "positive", "grey": "neutral", "dark": "negative"}
RELATIONS = ("left of", "above")
MOVES = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
TASKS = ("caption", "tags", "sentiment")
STILL, CLIP = 640, 192
CLIP_FRAMES, CLIP_RATE = 20, 10
FROZEN_SEED = 20261120
FROZEN_STILLS, FROZEN_CLIPS = {True: 40, False: 40}, {True: 40, False: 30}


@dataclass(frozen=True, slots=True)
class Mark:
    """One shape where it is drawn: centre and radius as shares of the picture's shorter side."""

    colour: str
    shape: str
    rgb: Colour
    x: float
    y: float
    radius: float

    def __str__(self) -> str:
        return f"{self.colour} {self.shape}"


@dataclass(frozen=True, slots=True)
class Still:
    """A picture of one shape, or of two with a relation between them."""

    marks: tuple[Mark, ...]
    relation: str | None
    background: str
    rgb: Colour

    @property
    def caption(self) -> str:
        """Say what is where, and on what background."""
        first, *second = self.marks
        related = f" is {self.relation} a {second[0]}" if second else ""
        return f"A {first}{related}. The background is {self.background}."

    @property
    def tags(self) -> tuple[str, ...]:
        """List colour and shape of every mark."""
        return tuple(word for mark in self.marks for word in (mark.colour, mark.shape))

    @property
    def sentiment(self) -> str:
        """Say ``positive``, ``neutral`` or ``negative``."""
        return SENTIMENTS[self.background]

    def image(self, size: tuple[int, int] = (STILL, STILL)) -> Image.Image:
        """Draw the picture; on an oblong one the shapes stay in the square in the middle."""
        return paint(size, self.rgb, self.marks)

    def write_jpeg(self, path: Path, size: tuple[int, int] = (STILL, STILL)) -> Path:
        """Write the picture as a JPEG."""
        self.image(size).save(path, "JPEG", quality=90)
        return path


@dataclass(frozen=True, slots=True)
class Clip:
    """A shape that moves through the picture, at one speed, from one end to the other."""

    mark: Mark
    move: str
    reach: float
    background: str
    rgb: Colour

    @property
    def caption(self) -> str:
        """Say what moves where, and on what background."""
        return f"A {self.mark} moves {self.move}. The background is {self.background}."

    @property
    def tags(self) -> tuple[str, ...]:
        """List colour, shape and the direction."""
        return (self.mark.colour, self.mark.shape, self.move)

    @property
    def sentiment(self) -> str:
        """Say ``positive``, ``neutral`` or ``negative``."""
        return SENTIMENTS[self.background]

    def image(self, moment: float, size: tuple[int, int] = (CLIP, CLIP)) -> Image.Image:
        """Draw the picture at *moment*, between 0 and 1."""
        return paint(size, self.rgb, (self.at(moment),))

    def at(self, moment: float) -> Mark:
        """Say where the shape is at *moment*."""
        right, down = MOVES[self.move]
        gone = self.reach * (2 * moment - 1)
        return replace(self.mark, x=self.mark.x + right * gone, y=self.mark.y + down * gone)

    def images(self, count: int, size: tuple[int, int] = (CLIP, CLIP)) -> list[Image.Image]:
        """Draw *count* pictures, evenly spread."""
        return [self.image((2 * n + 1) / (2 * count), size) for n in range(count)]

    def write_mp4(
        self, path: Path, count: int = CLIP_FRAMES, size: tuple[int, int] = (CLIP, CLIP)
    ) -> Path:
        """Write *count* frames as an H.264 video."""
        path.write_bytes(encoded(self.images(count, size)))
        return path


Scene = Still | Clip


def answer(scene: Scene, task: str) -> str:
    """Say what a model should answer to the prompt *task* about *scene*."""
    if task == "tags":
        return ", ".join(scene.tags)
    return scene.caption if task == "caption" else scene.sentiment


def still(rng: random.Random, seen: bool = True, count: int = 2) -> Still:
    """Make up a picture of *count* shapes; *seen* asks for a pair that is trained on."""
    relation = rng.choice(RELATIONS)
    while True:
        colours, shapes = rng.sample(list(COLOURS), 2), rng.choices(SHAPES, k=2)
        if count == 1 or seen != held_out(colours[0], shapes[0], relation, colours[1], shapes[1]):
            break
    places = _places(rng, relation) if count == 2 else [_somewhere(rng)]
    marks = tuple(
        _mark(rng, *said) for said in zip(colours[:count], shapes[:count], places, strict=True)
    )
    background = rng.choice(list(BACKGROUNDS))
    related = relation if count == 2 else None
    return Still(marks, related, background, _shade(rng, BACKGROUNDS[background], 8))


def clip(rng: random.Random, seen: bool = True) -> Clip:
    """Make up a moving shape; *seen* asks for one that is trained on."""
    while True:
        colour, shape, move = (rng.choice(list(kind)) for kind in (COLOURS, SHAPES, MOVES))
        if seen != held_out(colour, shape, move):
            break
    aside = rng.uniform(0.3, 0.7)
    place = (0.5, aside) if MOVES[move][0] else (aside, 0.5)
    background = rng.choice(list(BACKGROUNDS))
    return Clip(
        _mark(rng, colour, shape, place), move, rng.uniform(0.26, 0.32), background,
        _shade(rng, BACKGROUNDS[background], 8),
    )  # fmt: skip


def held_out(*words: str) -> bool:
    """Say whether these *words* together are never trained on."""
    return zlib.crc32("|".join(words).encode()) % 10 == 0


def frozen_stills(seen: bool) -> tuple[Still, ...]:
    """Return the pictures that the models are judged by."""
    rng = random.Random(f"stills {FROZEN_SEED} {seen}")
    return tuple(still(rng, seen) for _ in range(FROZEN_STILLS[seen]))


def frozen_clips(seen: bool) -> tuple[Clip, ...]:
    """Return the clips that the models are judged by."""
    rng = random.Random(f"clips {FROZEN_SEED} {seen}")
    return tuple(clip(rng, seen) for _ in range(FROZEN_CLIPS[seen]))


def paint(size: tuple[int, int], background: Colour, marks: tuple[Mark, ...]) -> Image.Image:
    """Paint *marks* on *background* with soft edges, the same on every machine."""
    width, height = size
    unit = min(size)
    canvas = np.empty((height, width, 3), np.float32)
    canvas[:] = background
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) + 0.5
    for mark in marks:
        x = np.abs(columns - (width - unit) / 2 - mark.x * unit)
        y = np.abs(rows - (height - unit) / 2 - mark.y * unit)
        cover = np.clip(0.5 - _distance(mark.shape, x, y, mark.radius * unit), 0, 1)[..., None]
        canvas += cover * (np.array(mark.rgb, np.float32) - canvas)
    return Image.fromarray(np.rint(canvas).astype(np.uint8))


def encoded(images: list[Image.Image], rate: int = CLIP_RATE) -> bytes:
    """Encode *images* as an H.264 video in an MP4 file."""
    written = io.BytesIO()
    with av.open(written, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "18"})
        stream.width, stream.height = images[0].size
        stream.pix_fmt, stream.time_base = "yuv420p", Fraction(1, rate)
        for image in images:
            container.mux(stream.encode(av.VideoFrame.from_image(image)))
        container.mux(stream.encode())
    return written.getvalue()


def _distance(shape: str, x: np.ndarray, y: np.ndarray, radius: float) -> np.ndarray:
    """Say how far outside of *shape* a pixel is that lies *x*, *y* from the centre."""
    if shape == "circle":
        return np.abs(np.hypot(x, y) - 0.79 * radius) - 0.21 * radius
    if shape == "square":
        return np.maximum(x, y) - radius
    beam = 0.33 * radius
    lying, standing = np.maximum(x - radius, y - beam), np.maximum(x - beam, y - radius)
    return np.minimum(lying, standing)


def _mark(rng: random.Random, colour: str, shape: str, place: tuple[float, float]) -> Mark:
    rgb = _shade(rng, COLOURS[colour], 14)
    return Mark(colour, shape, rgb, *place, rng.uniform(0.15, 0.21))


def _shade(rng: random.Random, rgb: Colour, by: int) -> Colour:
    red, green, blue = (min(255, max(0, part + rng.randint(-by, by))) for part in rgb)
    return red, green, blue


def _somewhere(rng: random.Random) -> tuple[float, float]:
    return rng.uniform(0.25, 0.75), rng.uniform(0.25, 0.75)


def _places(rng: random.Random, relation: str) -> list[tuple[float, float]]:
    """Place two shapes, the first left of or above the second."""
    along = (rng.uniform(0.2, 0.32), rng.uniform(0.68, 0.8))
    middle = rng.uniform(0.3, 0.7)
    across = [middle + rng.uniform(-0.08, 0.08) for _ in along]
    pairs = list(zip(along, across, strict=True))
    return pairs if relation == "left of" else [(x, y) for y, x in pairs]
