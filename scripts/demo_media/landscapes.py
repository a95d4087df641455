"""The landscapes: a sunset, hills in fog, a southern winter, an autumn panorama."""

import numpy as np
from paint import Canvas, Rgb, below, blurred, clouds, disc, glow, grain, lay, rgb, ridge, sky
from PIL import Image, ImageDraw


def sunset(width: int, height: int) -> Canvas:
    """Draw the sun going down behind the sea."""
    rng = np.random.default_rng(7)
    horizon, middle = round(height * 0.62), width * 0.58
    top = [
        (0.0, (52, 46, 102)),
        (0.35, (142, 70, 120)),
        (0.7, (240, 120, 72)),
        (1.0, (255, 196, 92)),
    ]
    air = sky(width, horizon, top)
    streaks = np.clip(clouds(rng, width, horizon, 420, 5) * 2.4 - 1.2, 0, 0.75)
    air = lay(air, streaks * np.linspace(1, 0.35, horizon)[:, None], rgb((120, 52, 84)))
    sun_y = horizon - height * 0.075
    air = lay(air, glow(air, middle, sun_y, height * 0.3) * 0.75, rgb((255, 214, 120)))
    sea = air[::-1][: height - horizon] * np.array([0.72, 0.66, 0.78])
    air = lay(air, disc(air, middle, sun_y, height * 0.06, 3), rgb((255, 246, 206)))
    scene = np.concatenate([air, _rippled(rng, sea)])
    scene = lay(scene, _glitter(rng, scene, middle, horizon), rgb((255, 226, 150)))
    for depth, colour in ((0.05, (92, 50, 92)), (0.11, (44, 26, 56))):
        scene = lay(scene, _headland(rng, scene, horizon, depth), rgb(colour))
    return grain(rng, scene, 0.012)


def _rippled(rng: np.random.Generator, sea: Canvas) -> Canvas:
    height, width = sea.shape[:2]
    waves = clouds(rng, width, height, 160, 9) - 0.5
    shift = (waves * np.linspace(6, 46, height)[:, None]).astype(int)
    rows = np.clip(np.arange(height)[:, None] + shift, 0, height - 1)
    return sea[rows, np.arange(width)[None, :]] * (1 + waves[..., None] * 0.35)


def _glitter(rng: np.random.Generator, scene: Canvas, x: float, horizon: int) -> Canvas:
    height, width = scene.shape[:2]
    rows = np.arange(height)[:, None]
    depth = np.clip((rows - horizon) / (height - horizon), 0, 1)
    reach = width * (0.03 + 0.09 * depth)
    path = np.exp(-(((np.arange(width)[None, :] - x) / reach) ** 2))
    sparks = np.clip(clouds(rng, width, height, 60, 10) * 3.4 - 1.6, 0, 1)
    return path * sparks * (rows > horizon) * (1 - 0.45 * depth)


def _headland(rng: np.random.Generator, scene: Canvas, horizon: int, rise: float) -> Canvas:
    height, width = scene.shape[:2]
    fall = np.clip(1 - np.arange(width) / (width * (0.62 - rise * 2)), 0, 1) ** 1.2
    line = horizon - ridge(rng, width, 260) * fall * height * (rise + 0.05) - fall * height * rise
    foot = horizon + 3 + rise * 60 * fall
    return below(line, height) * (1 - below(foot, height)) * (fall > 0)[None, :]


def fog(width: int, height: int) -> Canvas:
    """Draw mountains behind one another in fog, in black and white."""
    rng = np.random.default_rng(11)
    scene = sky(width, height, [(0, (226, 226, 226)), (0.6, (244, 244, 244)), (1, (206, 206, 206))])
    for layer in range(6):
        near = layer / 5
        line = (
            height * (0.3 + 0.13 * layer)
            - ridge(rng, width, 420 - layer * 40, True) * height * 0.22
        )
        if layer >= 3:
            line = _with_firs(rng, line, 8 + 14 * (layer - 3))
        shade = 0.86 - 0.78 * near**1.15
        rolling = np.convolve(np.pad(line, 150, "edge"), np.full(301, 1 / 301), "valid")
        mist = np.clip((np.arange(height)[:, None] - rolling) / (height * 0.24), 0, 1)
        tone = shade + (0.93 - shade) * mist * (0.75 - 0.55 * near)
        scene = lay(scene, below(line, height), np.repeat(tone[..., None], 3, axis=2))
    return grain(rng, scene, 0.02)


def _with_firs(rng: np.random.Generator, line: Canvas, tall: float) -> Canvas:
    grown = line.copy()
    columns = np.arange(len(line))
    for x in rng.integers(0, len(line), len(line) // max(6, int(tall * 0.7))):
        size = tall * rng.uniform(0.5, 1.5)
        spread = np.abs(columns - x) / (size * 0.24)
        jag = 0.12 * np.abs(((spread * 4) % 1) - 0.5)
        tip = line[x] - size * (1 - spread + jag)
        grown = np.where(spread < 1, np.minimum(grown, tip), grown)
    return grown


def winter(width: int, height: int) -> Canvas:
    """Draw snow-covered peaks over a cold lake."""
    rng = np.random.default_rng(23)
    shore = round(height * 0.66)
    scene = sky(width, height, [(0, (92, 148, 206)), (0.5, (176, 210, 236)), (1, (224, 236, 244))])
    wisps = np.clip(clouds(rng, width, height, 380, 4) * 2 - 0.95, 0, 0.8)
    scene = lay(scene, wisps * np.linspace(1, 0, height)[:, None] ** 0.5, rgb((250, 252, 255)))
    for layer, (base, rise) in enumerate(((0.46, 0.2), (0.56, 0.36), (0.66, 0.3))):
        line = height * base - ridge(rng, width, 520 - 90 * layer, True) * height * rise
        scene = lay(scene, below(line, height), _snow(rng, line, height, layer))
    forest = shore - ridge(rng, width, 300) * height * 0.03
    scene = lay(scene, below(_with_firs(rng, forest, 34), height), rgb((34, 58, 66)))
    lake = scene[:shore][::-1][: height - shore] * np.array([0.6, 0.72, 0.84])
    scene[shore:] = _rippled(rng, blurred(lake, 2.5))
    bank = height * 0.93 - ridge(rng, width, 600) * height * 0.09
    return grain(rng, lay(scene, below(bank, height), rgb((238, 244, 250))), 0.012)


def _snow(rng: np.random.Generator, line: Canvas, height: int, layer: int) -> Canvas:
    """Light the flanks from one side; they break up and bare rock shows further down."""
    width = len(line)
    depth = np.clip((np.arange(height)[:, None] - line[None, :]) / (height * 0.3), 0, None)
    folds = clouds(rng, width, height, 240, 0.7) - 0.5
    slope = np.gradient(np.convolve(np.pad(line, 9, "edge"), np.ones(19) / 19, "valid"))
    drift = (folds * 620 * depth).astype(int)
    across = np.clip(np.arange(width)[None, :] + drift, 0, width - 1)
    lit = np.clip(0.55 - slope[across] * 0.75 + folds * 0.7, 0, 1)
    snow = lay(np.full((height, width, 3), rgb((138, 168, 206))), lit, rgb((250, 252, 255)))
    cracks = clouds(rng, width, height, 60, 0.6) + np.clip(slope[across], -0.5, 0.5) * 0.35
    rock = np.clip(cracks * 6 - 4 + depth * 0.6, 0, 0.8)
    return lay(snow, rock, rgb(((112, 138, 172), (84, 104, 134), (64, 80, 104))[layer]))


def autumn(width: int, height: int) -> Canvas:
    """Draw wooded hills in October, wide."""
    rng = np.random.default_rng(31)
    scene = sky(
        width, height, [(0, (120, 168, 214)), (0.55, (236, 226, 200)), (1, (240, 220, 180))]
    )
    puffs = np.clip(clouds(rng, width, height, 300, 2.5) * 2.2 - 1.05, 0, 0.9)
    scene = lay(scene, puffs * np.linspace(1, 0.2, height)[:, None], rgb((255, 252, 244)))
    tones = ((176, 160, 150), (196, 130, 70), (206, 104, 32), (158, 64, 22))
    for layer, tone in enumerate(tones):
        line = height * (0.46 + 0.12 * layer) - ridge(rng, width, 520 - 60 * layer) * height * 0.22
        scene = lay(scene, below(line, height), rgb(tone))
        scene = _wooded(rng, scene, line, tone, layer)
    return grain(rng, scene, 0.01)


def _wooded(rng: np.random.Generator, scene: Canvas, line: Canvas, tone: Rgb, layer: int) -> Canvas:
    """Scatter round tree tops over a hill, from far to near."""
    height, width = scene.shape[:2]
    image = Image.fromarray((np.clip(scene, 0, 1) * 255).astype(np.uint8))
    brush = ImageDraw.Draw(image)
    size = 3 + 3 * layer
    spots = rng.random((width * 13 // size, 2))
    for across, down in sorted(spots.tolist(), key=lambda spot: spot[1]):
        x = across * width
        y = line[int(x)] + down * height * 0.4
        shade = rng.normal(0, 7 + 5 * layer)
        warm = rng.normal(0, 4 + 6 * layer)
        colour = tuple(
            int(c + shade + turn * warm) for c, turn in zip(tone, (0.4, 1, -0.2), strict=True)
        )
        radius = size * rng.uniform(0.6, 1.25)
        brush.ellipse((x - radius, y - radius * 1.2, x + radius, y + radius), fill=colour)
        light = tuple(min(255, c + 22) for c in colour)
        brush.ellipse(
            (x - radius * 0.6, y - radius, x + radius * 0.2, y - radius * 0.2), fill=light
        )
    return np.asarray(image, dtype=np.float64) / 255
