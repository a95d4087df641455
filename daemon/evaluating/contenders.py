"""Which engines are compared: by name with the present configuration, or by another one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from daemon.config import Config, load
from daemon.toml_keys import ConfigError

Use = Literal["builtin", "transformers", "openai"]
ENGINES: tuple[Use, ...] = get_args(Use)
CONFIGURED = "configured"


@dataclass(frozen=True, slots=True)
class Contender:
    """An engine under a name, and the configuration that it is in.

    One that would come to be the engine called *spare* is left out.
    """

    name: str
    config: Config
    spare: str | None = None


def contenders(config: Config, named: Sequence[str]) -> list[Contender]:
    """Read ``--engine`` options: ENGINE or NAME=FILE; without any, builtin and what is configured.

    Raises ConfigError where one makes no sense.
    """
    found = [_contender(config, each) for each in named] or _usual(config)
    names = [each.name for each in found]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ConfigError(f"--engine {twice[0]} stands there twice; give each a name of its own")
    return found


def _usual(config: Config) -> list[Contender]:
    usual = [_using(config, "builtin")]
    if config.engine.use != "builtin":
        usual.append(Contender(CONFIGURED, config, spare="builtin"))
    return usual


def _contender(config: Config, named: str) -> Contender:
    name, is_file, file = named.partition("=")
    if is_file and name and file:
        return Contender(name, load(Path(file)))
    for use in ENGINES:
        if named == use:
            return _using(config, use)
    raise ConfigError(
        f"--engine {named}: take {', '.join(ENGINES)}, or NAME=FILE with a configuration of its own"
    )


def _using(config: Config, use: Use) -> Contender:
    return Contender(use, replace(config, engine=replace(config.engine, use=use)))
