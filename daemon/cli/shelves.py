"""What is told of models: for people in lines no wider than the terminal, for programs in JSON."""

import shutil
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from daemon.cli.table import table
from daemon.engines.modelled import each_model
from daemon.engines.profiles import Model
from daemon.hub.inventory import named

if TYPE_CHECKING:
    from daemon.engines.profiles import Profile
    from daemon.hub.inventory import Inventory, Lying
    from daemon.hub.pulling import Plan
    from daemon.hub.verifying import Verdict

_GB, _MB = 10**9, 10**6
_NOT_KNOWN = "not known to captiond; read its card on the hub"


def size(count: int) -> str:
    """Spell a number of bytes in the unit that fits."""
    if count >= _GB:
        return f"{count / _GB:.1f} GB"
    return f"{count / _MB:.1f} MB" if count >= _MB else f"{count} bytes"


def inventory_text(told: "Inventory") -> str:
    """Lay out profiles, then models with their licences, then where they are and what is used."""
    rows = [row for profile in told.profiles for row in _profile_rows(profile, told)]
    lines = [table(("profile", "needs", "for", "model", "here"), rows), ""]
    for lying in told.models:
        lines += _model_lines(lying)
    return "\n".join(
        [
            *lines,
            "",
            *_wrapped(f"They are looked for in {told.hub}; HF_HOME names another cache.", ""),
            *_wrapped(f"captiond takes the engine {told.engine} here: {told.why}", ""),
            "captiond models pull PROFILE gets what is missing.",
        ]
    )


def inventory_plain(told: "Inventory") -> dict[str, Any]:
    """Give the same as a JSON object."""
    return {
        "hub": str(told.hub),
        "engine": {"name": told.engine, "why": told.why},
        "profiles": [
            {
                "name": profile.name,
                "good_at": profile.good_at,
                "vram_gb": profile.vram_gb,
                "capability": profile.capability,
                "models": {purpose: named(model) for purpose, model in each_model(profile)},
            }
            for profile in told.profiles
        ],
        "models": [_lying_plain(lying) for lying in told.models],
    }


def plan_lines(plan: "Plan") -> Iterator[str]:
    """Tell what a model costs, before it is fetched."""
    whole, coming = size(plan.size), size(plan.coming)
    yield f"{named(plan.model)}: {len(plan.files)} files, {whole}, of which {coming} have to come"
    yield f"  licence: {_licence(plan.model, plan.licence)}"
    if plan.gated:
        yield "  the hub gives it only to those who accepted the licence there"


def plan_plain(plan: "Plan", state: str, fetched: int) -> dict[str, Any]:
    """Tell of a model that is planned or whole; *fetched* bytes came for it."""
    if state == "whole":
        says = f"{named(plan.model)}: whole, {size(fetched)} came, in {plan.folder}"
    else:
        says = "\n".join(f"  {size(file.size):>12}  {file.name}" for file in plan.files)
    return {
        "model": named(plan.model),
        "state": state,
        "says": says,
        "commit": plan.commit,
        "folder": str(plan.folder),
        "licence": _licence(plan.model, plan.licence),
        "gated": plan.gated,
        "bytes": plan.size,
        "coming": plan.coming,
        "fetched": fetched,
        "files": [{"name": file.name, "bytes": file.size} for file in plan.files],
    }


def failed_plain(model: Model, says: str) -> dict[str, Any]:
    """Tell of a model that could not be pulled."""
    return {"model": named(model), "state": "failed", "says": says}


def missing_plain(model: Model, says: str) -> dict[str, Any]:
    """Tell of a model that is not here."""
    return {"model": named(model), "state": "missing", "says": says}


def verdict_plain(verdict: "Verdict") -> dict[str, Any]:
    """Tell what was found of the files of a model."""
    return {
        "model": named(verdict.found.model),
        "state": "whole" if verdict.whole else "damaged",
        "says": "\n".join(_verdict_lines(verdict)),
        "folder": str(verdict.found.folder),
        "files": len(verdict.files),
        "bytes": verdict.size,
        "wrong": [{"name": file.name, "why": file.why} for file in verdict.wrong],
        "unknown": [file.name for file in verdict.unknown],
        "fault": verdict.fault or None,
        "mend": None if verdict.whole else verdict.mend,
    }


def _verdict_lines(verdict: "Verdict") -> Iterator[str]:
    label, files = verdict.found.label, f"{len(verdict.files)} files, {size(verdict.size)}"
    unknown = len(verdict.unknown)
    note = f"; of {unknown} no checksum is known, only headers were checked" if unknown else ""
    if verdict.whole:
        yield f"{label}: whole, {files}{note}"
        return
    yield f"{label}: damaged, in {verdict.found.folder}{note}"
    for file in verdict.wrong:
        yield f"  {file.name}: {file.why}"
    if verdict.fault and not verdict.wrong:
        yield f"  {verdict.fault}"
    yield f"  mend it: {verdict.mend}"


def _profile_rows(profile: "Profile", told: "Inventory") -> Iterator[tuple[str, ...]]:
    """Name models in short: their owners and revisions stand below, with their licences."""
    newest = f", compute {profile.capability}" if profile.capability else ""
    needs = f"{profile.vram_gb:g} GB{newest}" if profile.vram_gb else "no GPU"
    name = profile.name
    for purpose, model in each_model(profile):
        yield (name, needs, purpose, model.name.rpartition("/")[2], told.state(model))
        name = needs = ""


def _model_lines(lying: "Lying") -> Iterator[str]:
    model = lying.model
    here = {"no": "not here", "partly": "partly here", "whole": f"whole, {size(lying.size)}"}
    yield f"{named(model)}: {here[lying.here]}"
    if lying.here == "partly":
        yield from _wrapped(lying.why)
    coming = "" if lying.here == "whole" else _coming(model)
    yield from _wrapped(f"{coming}Licence: {_licence(model)}")
    if model.gated:
        yield from _wrapped("Gated: its licence has to be accepted on the hub before the download")


def _coming(model: Model) -> str:
    about = model.download_gb or model.gb
    return f"About {about:g} GB to download. " if about else ""


def _lying_plain(lying: "Lying") -> dict[str, Any]:
    model = lying.model
    return {
        "model": named(model),
        "here": lying.here,
        "folder": str(lying.folder) if lying.folder else None,
        "bytes": lying.size,
        "why": lying.why or None,
        "download_gb": model.download_gb or model.gb or None,
        "licence": _licence(model),
        "gated": model.gated,
    }


def _licence(model: Model, told: str = "") -> str:
    """Name a licence: as captiond knows it, else as its authors tell the hub."""
    if model.licence and model.licence != "not checked":
        return model.licence
    return f"{told}, as the hub has it; read its card" if told else _NOT_KNOWN


def _wrapped(text: str, indent: str = "    ") -> list[str]:
    width = shutil.get_terminal_size((100, 24)).columns
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
