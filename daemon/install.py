"""Put the service on a machine and take it off again, step by step, each shown before it is done.

Everything goes below a *root* folder, which is another than ``/`` for packages, images and tests;
systemd itself is only spoken to when that is ``/`` and it runs.
"""

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shlex import join, quote

from daemon.config import Config
from daemon.toml_keys import ConfigError
from daemon.unit import (
    ACCOUNT,
    SERVICE_STATE,
    Program,
    Scope,
    made_by_systemd,
    service_state,
    unit_text,
)
from metadata.asset import shown

SERVICE = "captiond.service"
SYSTEM_UNITS = Path("/etc/systemd/system")
ACCOUNTS_FILE = Path("/etc/sysusers.d/captiond.conf")
ACCOUNTS = f'u {ACCOUNT} - "captiond service" {SERVICE_STATE}\n'
_HERE = Path("/")
_TILDE = re.compile(r"""=\s*\[?\s*["']~""")


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Write a text file, with the folders above it."""

    path: Path
    text: str

    def __str__(self) -> str:
        return f"write {shown(self.path)}"

    def take(self) -> None:
        """Do it; raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.text, encoding="utf-8")
        self.path.chmod(0o644)


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """Remove a file or a link, if it is there."""

    path: Path

    def __str__(self) -> str:
        return f"remove {shown(self.path)}"

    def take(self) -> None:
        """Do it; raises OSError."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class RunCommand:
    """Run a command; what it says is shown only when it fails, which *may_fail* allows."""

    words: tuple[str, ...]
    may_fail: bool = False

    def __str__(self) -> str:
        return f"run {join(self.words)}"

    def take(self) -> None:
        """Do it; raises ConfigError with what the command said."""
        done = subprocess.run(self.words, capture_output=True, text=True, check=False)
        if done.returncode and not self.may_fail:
            said = " ".join(done.stderr.split()) or f"exit code {done.returncode}"
            raise ConfigError(f"{join(self.words)} failed: {said}")


Step = WriteFile | RemoveFile | RunCommand


def to_install(config: Config, scope: Scope, root: Path = _HERE) -> tuple[Step, ...]:
    """List what puts the service of *config* on the machine; raises ConfigError if nothing can."""
    root, source = root.resolve(), config.source
    if source is None:
        raise ConfigError(
            "the service needs a configuration file: make one with `captiond config init`, "
            "or name one with --config"
        )
    unit = WriteFile(_unit_path(scope, root), unit_text(config, scope, Program.own()))
    if scope is Scope.USER:
        return (unit, *_reload(scope, root))
    _refuse_tildes(source)
    return (*_account(root), *_state_folder(config, root), unit, *_reload(scope, root))


def to_uninstall(scope: Scope, root: Path = _HERE) -> tuple[Step, ...]:
    """List what takes the service off; the state folder and the account are left."""
    root = root.resolve()
    unit = _unit_path(scope, root)
    wanted = "multi-user" if scope is Scope.SYSTEM else "default"
    stop = _systemctl(scope, root, "disable", "--now", SERVICE)
    accounts = () if scope is Scope.USER else (RemoveFile(_below(root, ACCOUNTS_FILE)),)
    return (
        *(RunCommand(step.words, may_fail=True) for step in stop),
        RemoveFile(unit.parent / f"{wanted}.target.wants" / SERVICE),
        RemoveFile(unit),
        *accounts,
        *_reload(scope, root),
    )


def taken(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Take *steps*, giving each once it is done; raises ConfigError and goes no further."""
    for step in steps:
        try:
            step.take()
        except PermissionError as error:
            raise ConfigError(f"cannot {step}: permission denied; try it with sudo") from error
        except OSError as error:
            raise ConfigError(f"cannot {step}: {error.strerror or error}") from error
        yield step


def next_steps(config: Config, scope: Scope) -> tuple[str, ...]:
    """Tell what is left for a person to do after installing, a line each."""
    if scope is Scope.USER:
        return (
            "start it:                       systemctl --user enable --now captiond",
            'keep it while you are not here: loginctl enable-linger "$USER"',
        )
    return (
        *_readable(config),
        *_state_named(config),
        *(f"let it write into the folder:   {_access(folder.path)}" for folder in config.folders),
        "start it:                       sudo systemctl enable --now captiond",
        f"let someone search:             sudo usermod -aG {ACCOUNT} NAME   # and log in again",
        *_models(config),
    )


def left_behind(config: Config, scope: Scope) -> str:
    """Tell what uninstalling leaves."""
    state = shown(service_state(config, scope))
    account = f" and the account {ACCOUNT}" if scope is Scope.SYSTEM else ""
    return f"{state}{account} are left as they are" if account else f"{state} is left as it is"


def _account(root: Path) -> tuple[Step, ...]:
    elsewhere = () if root == _HERE else (f"--root={root}",)
    return (
        WriteFile(_below(root, ACCOUNTS_FILE), ACCOUNTS),
        RunCommand(("systemd-sysusers", *elsewhere, ACCOUNTS_FILE.name)),
    )


def _state_folder(config: Config, root: Path) -> tuple[Step, ...]:
    """Make a state folder that systemd does not make; in another root that is the package's."""
    state = service_state(config, Scope.SYSTEM)
    if root != _HERE or made_by_systemd(state):
        return ()
    owned = ("--mode=0750", f"--owner={ACCOUNT}", f"--group={ACCOUNT}")
    return (RunCommand(("install", "--directory", *owned, str(state))),)


def _unit_path(scope: Scope, root: Path) -> Path:
    if scope is Scope.SYSTEM:
        return _below(root, SYSTEM_UNITS / SERVICE)
    config_home = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return _below(root, Path(config_home).expanduser() / "systemd/user" / SERVICE)


def _reload(scope: Scope, root: Path) -> tuple[RunCommand, ...]:
    return _systemctl(scope, root, "daemon-reload")


def _systemctl(scope: Scope, root: Path, *words: str) -> tuple[RunCommand, ...]:
    """Speak to systemd where it runs; in an image, a container or another root nobody listens."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "/nonexistent")
    running = Path("/run/systemd/system" if scope is Scope.SYSTEM else f"{runtime}/systemd")
    if root != _HERE or not running.is_dir():
        return ()
    user = () if scope is Scope.SYSTEM else ("--user",)
    return (RunCommand(("systemctl", *user, *words)),)


def _below(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def _refuse_tildes(source: Path) -> None:
    """Refuse ``~``: for the service's account it is another folder than for who wrote it."""
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        if _TILDE.search(line.partition("#")[0]):
            raise ConfigError(
                f"{shown(source)}, line {number}: the system service has another home than you; "
                "write the whole path instead of ~"
            )


def _readable(config: Config) -> tuple[str, ...]:
    if config.source is None or config.source.stat().st_mode & 0o004:
        return ()
    where = quote(str(config.source))
    return (f"let it read its configuration:  sudo setfacl -m u:{ACCOUNT}:r {where}",)


def _state_named(config: Config) -> tuple[str, ...]:
    state = service_state(config, Scope.SYSTEM)
    if config.state_dir == state:
        return ()
    return (f'let commands find its index:    put state_dir = "{state}" into {config.source}',)


def _models(config: Config) -> tuple[str, ...]:
    """Tell how models get into the home of the account, which the first start makes."""
    if config.engine.use not in ("auto", "transformers"):
        return ()
    pull = f"sudo -H -u {ACCOUNT} {quote(str(Program.own().script))} models pull 8gb"
    return (f"then, to describe with models:  {pull} && sudo systemctl restart captiond",)


def _access(folder: Path) -> str:
    """Let the account in, and the folder's owner at the sidecars that the account will make."""
    rights = [f"u:{ACCOUNT}:rwX", f"d:u:{ACCOUNT}:rwX"]
    with contextlib.suppress(OSError):
        rights.append(f"d:u:{folder.stat().st_uid}:rwX")
    return f"sudo setfacl -R -m {','.join(rights)} {quote(str(folder))}"
