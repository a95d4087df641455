"""Which models there are to choose from, and what of each lies here; asks no hub."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from daemon.chosen import chosen_before
from daemon.config import Config
from daemon.engines import EngineError, EngineMissing
from daemon.engines.cached import hub_folder, installed
from daemon.engines.modelled import base_folder, each_model, wanted
from daemon.engines.profiles import Model, Profile, known_model, known_profiles
from daemon.hub.shelf import Shelf
from daemon.toml_keys import ConfigError

Here = Literal["whole", "partly", "no"]


@dataclass(frozen=True, slots=True)
class Lying:
    """What of a model is here: in *folder* when it is whole, with *size* bytes; else *why* not."""

    model: Model
    here: Here
    folder: Path | None = None
    size: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Inventory:
    """All profiles and models; *engine* is what captiond takes here, *why* says the reason."""

    hub: Path
    profiles: tuple[Profile, ...]
    models: tuple[Lying, ...]
    engine: str
    why: str

    def state(self, model: Model) -> Here:
        """Tell whether *model* is here."""
        return next(each.here for each in self.models if named(each.model) == named(model))


def asked_for(names: Sequence[str], config: Config) -> tuple[Model, ...]:
    """List the models that *names* mean, each once: of profiles, or models as ORG/NAME[@REVISION].

    Without names those that the configuration names. Raises ConfigError for what is neither.
    """
    found = [model for name in names for model in _meant(name, config)]
    if not names:
        found = list(_configured(config))
    return _each_once(found)


def every_model(config: Config) -> tuple[Model, ...]:
    """List the models of all profiles, and those that the configuration names, each once."""
    profiles = (*known_profiles(), *wanted(config))
    return _each_once(model for profile in profiles for _, model in each_model(profile))


def refuse_folders(models: Sequence[Model], config: Config) -> None:
    """Raise ConfigError for a folder of the user's own, which no hub has."""
    for model in models:
        if model.name.startswith(("/", "~", ".")) or (base_folder(config) / model.name).is_dir():
            raise ConfigError(f"{model.name} is a folder of your own: there is nothing to pull")


def inventory(config: Config) -> Inventory:
    """Look through everything that captiond knows of; raises ConfigError."""
    models = tuple(lying(model, config) for model in every_model(config))
    return Inventory(hub_folder(), tuple(known_profiles()), models, *_taken(config))


def lying(model: Model, config: Config) -> Lying:
    """Look what of *model* is here; reads headers, not weights."""
    try:
        found = installed(model, base_folder(config))
    except EngineMissing as error:
        return Lying(model, "partly" if _begun(model, config) else "no", why=str(error))
    size = sum(path.stat().st_size for path in found.folder.rglob("*") if path.is_file())
    return Lying(model, "whole", found.folder, size)


def _taken(config: Config) -> tuple[str, str]:
    """Name the engine that captiond takes here, by the devices that it saw last, and why."""
    try:
        choice = chosen_before(config)
    except EngineError as error:
        return "none", str(error)
    return choice.name, choice.why


def named(model: Model) -> str:
    """Spell a model as `pull` takes it."""
    return f"{model.name}@{model.revision}" if model.revision else model.name


def _meant(name: str, config: Config) -> Iterator[Model]:
    profiles = {profile.name: profile for profile in known_profiles()}
    if name in profiles:
        yield from _of(profiles[name], config)
    elif "/" in name.partition("@")[0]:
        yield known_model(name)
    else:
        near = get_close_matches(name, profiles, 1)
        meant = f"did you mean {near[0]}" if near else f"there are {', '.join(profiles)}"
        raise ConfigError(
            f"there is no profile {name!r}; {meant}; a model is ORG/NAME or ORG/NAME@REVISION"
        )


def _of(profile: Profile, config: Config) -> Iterator[Model]:
    """List what captiond would use of *profile*: the configuration may replace some of it."""
    engine = config.engine
    asked = replace(config, engine=replace(engine, profile=profile.name))
    for chosen in wanted(asked):
        yield from (model for _, model in each_model(chosen))


def _configured(config: Config) -> Iterator[Model]:
    profiles = wanted(config)
    if len(profiles) > 1:
        raise ConfigError(
            "name a profile or a model; `captiond models list` says which there are. Without a "
            "name, those that engine.profile or engine.image_model name are taken"
        )
    yield from (model for _, model in each_model(profiles[0]))


def _begun(model: Model, config: Config) -> bool:
    """Tell whether a download of *model* began."""
    try:
        folder = Shelf(hub_folder(), model.name).folder
        return any((folder / part).is_dir() for part in ("blobs", "snapshots"))
    except (OSError, EngineMissing):
        return False


def _each_once(models: Iterable[Model]) -> tuple[Model, ...]:
    """Keep one of each name and revision: how they are run does not change their files."""
    found: dict[str, Model] = {}
    for model in models:
        found.setdefault(named(model), model)
    return tuple(found.values())
