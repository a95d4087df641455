"""The one JSON shape of an asset, for show, search and process alike; a contract with scripts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from metadata.asset import Asset, shown
from metadata.description import Description, Record
from metadata.reasons import Reason
from metadata.stats import Stats

_FIRST_LANGUAGE = "en"


def shaped(
    record: Record | None,
    path: Path,
    state: str | None,
    *,
    asset: Asset | None = None,
    error: Mapping[str, str] | None = None,
    stats: Stats | None = None,
) -> dict[str, Any]:
    """Give everything known of one file; every key is always there, in this order.

    Absent lists are [], absent objects None. *asset* gives the headers of a file that has no
    record yet; *error* says why it is not done; *stats* what it cost, where that is known.
    """
    said = record.description if record else Description()
    return {
        "path": shown(path),
        "state": state and str(state),
        **_headers(record.asset if record else asset, said),
        **_said(said),
        "stats": _stats(stats or Stats()),
        "written": [{"where": w.where, "path": w.path} for w in record.written] if record else [],
        "not_run": list(said.not_run),
        "error": dict(error) if error else None,
    }


def _stats(stats: Stats) -> dict[str, Any]:
    tokens = stats.tokens
    return {
        "seconds": dict(sorted(stats.seconds.items())),
        "tokens": tokens and {"prompt": tokens.prompt, "completion": tokens.completion},
    }


def told(reason: Reason, detail: str = "") -> dict[str, str]:
    """Spell a reason as JSON shows it."""
    message = f"{reason.message} ({detail})" if detail else reason.message
    return {"reason": reason.code, "message": message, "hint": reason.hint}


def _headers(asset: Asset | None, said: Description) -> dict[str, Any]:
    fields = ("kind", "content", "width", "height", "duration_s", "taken_at", "camera")
    headers = {field: getattr(asset, field, None) for field in fields}
    headers["kind"] = str(asset.kind) if asset else None
    return {**headers, "place": _place(asset, said)}


def _place(asset: Asset | None, said: Description) -> dict[str, Any] | None:
    if asset is None or asset.latitude is None or asset.longitude is None:
        return None
    name = next((str(fact.value) for fact in said.look.facts if fact.name == "place"), None)
    return {"name": name, "latitude": asset.latitude, "longitude": asset.longitude}


def _said(said: Description) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(said))
    return {
        **{name: _by_language(plain[name]) for name in ("caption", "alt", "summary", "creative")},
        "tags": [
            {
                "name": tag["name"],
                "source": tag["source"],
                "translations": _by_language(tag["translations"]),
            }
            for tag in plain["tags"]
        ],
        "sentiment": {
            **plain["sentiment"],
            "analysis": _by_language(plain["sentiment"]["analysis"]),
        },
        "text": plain["text"],
        "codes": plain["codes"],
        "transcript": plain["transcript"],
        "look": plain["look"],
        "video": plain["video"],
        "provenance": dict(sorted(plain["provenance"].items())),
    }


def _by_language(texts: Mapping[str, str]) -> dict[str, str]:
    """Put English first, the others in order."""
    return dict(sorted(texts.items(), key=lambda item: (item[0] != _FIRST_LANGUAGE, item[0])))
