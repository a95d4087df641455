"""Say what works on this machine, what does not, and what to do about it; it changes nothing."""

from collections.abc import Sequence
from typing import Any

from daemon.checks import Check, captions, engines, folders, machine, tools
from daemon.config import Config
from metadata.asset import shown

__all__ = ["Check", "as_json", "doctor"]


def doctor(config: Config) -> list[Check]:
    """Make every check, in the order in which a person would mend things."""
    return [
        configuration(config),
        tools.exiftool(config),
        *tools.decoders(config),
        *engines.engine(config),
        *folders.folders(config),
        folders.watches(config),
        machine.state(config),
        captions.repeated(config),
        machine.running(config),
        machine.sqlite(),
        machine.sandbox(config),
        machine.clock(),
        machine.locale(),
    ]


def as_json(checks: Sequence[Check]) -> dict[str, Any]:
    """Give the document of ``doctor --json``; ok is true unless a check failed outright."""
    return {
        "ok": all(check.ok is not False for check in checks),
        "checks": [
            {"name": check.name, "ok": check.ok, "says": check.says, "do": check.do}
            for check in checks
        ],
    }


def configuration(config: Config) -> Check:
    """Tell where the configuration is from."""
    says = f"from {shown(config.source)}" if config.source else "the defaults: there is no file"
    return Check("configuration", True, says)
