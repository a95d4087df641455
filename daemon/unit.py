"""The text of the systemd unit: the template, made to fit a configuration; nothing is installed."""

import os
import re
import sys
import sysconfig
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from daemon.config import Config
from daemon.endpoints import host_of
from daemon.toml_keys import ConfigError
from metadata.asset import shown

ACCOUNT = "captiond"
SERVICE_STATE = Path("/var/lib/captiond")
SERVICE_CONFIG = Path("/etc/captiond/config.toml")
# What ProtectHome= hides (systemd.exec(5)).
HOMES = (Path("/home"), Path("/root"), Path("/run/user"))
# What PrivateTmp= hides besides.
_HIDDEN = (*HOMES, Path("/tmp"), Path("/var/tmp"))
_STATE_ROOT = Path("/var/lib")
_PLAIN = re.compile(r"[\w./@+,=-]+", re.ASCII)


class Scope(StrEnum):
    """Whose service it is: the machine's, with a user of its own, or one user's."""

    SYSTEM = "system"
    USER = "user"

    @property
    def template(self) -> str:
        """Give the unit as it stands in ``systemd/``, of a checkout or of an installation."""
        name = "captiond.service" if self is Scope.SYSTEM else "captiond-user.service"
        checkout = Path(__file__).parents[1] / "systemd" / name
        installed = Path(sysconfig.get_path("data"), "share/captiond/systemd", name)
        return (checkout if checkout.is_file() else installed).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Program:
    """The captiond that the unit starts, and the folders that its code is in."""

    script: Path
    code: tuple[Path, ...]

    @classmethod
    def own(cls) -> Self:
        """Name the captiond of this very installation; raises ConfigError when it has no script."""
        script = Path(sysconfig.get_path("scripts"), "captiond")
        if not os.access(script, os.X_OK):
            raise ConfigError(
                f"{shown(script)}: not there; install captiond with pip, then try again"
            )
        python = Path(os.path.realpath(sys.executable)).parents[1]
        places = (Path(sys.prefix), Path(sys.base_prefix), python, Path(__file__).parents[1])
        return cls(script, tuple(dict.fromkeys(places)))


def unit_text(config: Config, scope: Scope, program: Program) -> str:
    """Write the unit that runs *program* on *config*.

    Raises ConfigError for a path that a unit file cannot name.
    """
    lines = {"ExecStart": [_start(config, scope, program)]}
    if scope is Scope.SYSTEM:
        lines |= {**_paths(config, program), **_reached(config)}
    header = (
        f"# Written by `captiond service install --{scope}`; it is written anew each time.\n"
        "# For changes of your own: systemctl edit captiond\n"
    )
    return header + _filled(scope.template, lines)


def service_state(config: Config, scope: Scope) -> Path:
    """Name the state folder of the service: a configured one, else /var/lib/captiond."""
    default = Config().state_dir.expanduser()
    chosen = scope is Scope.USER or config.state_dir not in (default, Config().state_dir)
    return config.state_dir if chosen else SERVICE_STATE


def made_by_systemd(state: Path) -> bool:
    """Tell whether systemd makes the state folder *state*, and gives it to the account."""
    below = state.is_relative_to(_STATE_ROOT) and state != _STATE_ROOT
    return below and _PLAIN.fullmatch(str(state)) is not None


def _start(config: Config, scope: Scope, program: Program) -> str:
    source = config.source or (SERVICE_CONFIG if scope is Scope.SYSTEM else None)
    words = [program.script, *(["--config", source] if source else []), "run"]
    # ":" turns off the expansion of $, which the name of the program could not be kept from.
    off = ":" if any("$" in str(word) for word in words) else ""
    return off + " ".join(escaped(str(word)) for word in words)


def _paths(config: Config, program: Program) -> dict[str, list[str]]:
    state = service_state(config, Scope.SYSTEM)
    managed = made_by_systemd(state)
    written = [] if managed else [escaped(str(state))]
    return {
        "RequiresMountsFor": [escaped(str(state))],
        "StateDirectory": [str(state.relative_to(_STATE_ROOT))] if managed else [],
        "StateDirectoryMode": ["0750"] if managed else [],
        "ReadWritePaths": written + [escaped(f"-{folder.path}") for folder in config.folders],
        **_shown(config, program, state),
    }


def _reached(config: Config) -> dict[str, list[str]]:
    """Let out to the servers of the configuration, and to no other address where they are numbers.

    What a name stands for changes, and whoever tells it is elsewhere too: then all are let through.
    """
    hosts = [host_of(each) for each in config.engine.endpoints if config.engine.use == "openai"]
    if None in hosts:
        return {"IPAddressDeny": [], "IPAddressAllow": []}
    away = [str(host) for host in hosts if host and not host.is_loopback]
    return {"IPAddressAllow": ["localhost", *dict.fromkeys(away)]}


def _shown(config: Config, program: Program, state: Path) -> dict[str, list[str]]:
    """Show of the homes only what is needed: the rest stays hidden, also from reading."""
    keys = (each.api_key_file for each in config.engine.endpoints if each.api_key_file)
    used = [config.source, *program.code, *_read_by_engines(config), *map(Path, keys)]
    if Path(config.exiftool).is_absolute():
        used.append(Path(config.exiftool).parent)
    writable = _hidden([state, *(folder.path for folder in config.folders)])
    readable = [path for path in _hidden(filter(None, used)) if path not in writable]
    return {
        "ProtectHome": ["tmpfs" if any(map(_at_home, writable + readable)) else "yes"],
        "BindPaths": [escaped(f"-{path}") for path in writable],
        "BindReadOnlyPaths": [escaped(f"-{path}") for path in readable],
    }


def _read_by_engines(config: Config) -> Iterator[Path]:
    """List the folders that prompts and models are read from, as far as they are named."""
    base = config.source.parent if config.source else Path.cwd()
    engine = config.engine
    named = (config.prompts_dir, engine.image_model, engine.video_model, engine.translation_model)
    for name in filter(None, named):
        folder = base / Path(name).expanduser()
        if os.path.isdir(folder):  # noqa: PTH112 - it does not fail where it may not look
            yield folder


def _hidden(paths: Iterable[Path]) -> list[Path]:
    # A link that leads into a home is no way in unless its target is shown too.
    both = (place for path in paths for place in (path, Path(os.path.realpath(path))))
    return [p for p in dict.fromkeys(both) if any(p.is_relative_to(place) for place in _HIDDEN)]


def _at_home(path: Path) -> bool:
    return any(path.is_relative_to(home) for home in HOMES)


def _filled(template: str, settings: Mapping[str, Sequence[str]]) -> str:
    """Put *settings* in the place of the template's lines with the same key."""
    result = []
    for line in template.splitlines():
        key = line.partition("=")[0]
        if key in settings:
            result += [f"{key}={value}" for value in settings[key]]
        else:
            result.append(line)
    return "\n".join(result) + "\n"


def escaped(word: str) -> str:
    """Write *word* so that systemd reads it as one, in a command line or a list of paths."""
    word = _nameable(word).replace("%", "%%")
    if _PLAIN.fullmatch(word):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _nameable(word: str) -> str:
    # Control characters, and bytes that are no UTF-8 (lone surrogates).
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in word):
        raise ConfigError(
            f"{shown(Path(word.removeprefix('-')))}: a systemd unit cannot name this folder; "
            "rename it, or configure the folder above it"
        )
    return word
