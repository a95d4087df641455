"""Which model hears beside an engine that has none: the builtin one, or servers; and where."""

from collections.abc import Sequence

from daemon.config import Config
from daemon.engines import EngineMissing
from daemon.engines.checkpoint import download
from daemon.engines.devices import Device, Look
from daemon.engines.modelled import (
    base_folder,
    check_packages,
    installed_speech,
    speech_model,
)
from daemon.engines.profiles import Installed, Model, known_profiles

_GB = 10**9
_ROOM = 2.0
"""What a model that hears takes on a device, over its weights: half a minute of sound for each."""
Found = tuple[Installed, tuple[str, ...]]


def speech_here(config: Config, look: Look) -> Found | None:
    """Find the model that writes down speech and the devices that it runs on; the CPU will do.

    None where it is not asked for. That is the model that is named, or that of the profile that is
    named, else the largest of all profiles that is here and fits; the smallest on the CPU. *look*
    is called when there is something to run. Raises EngineError with what to do.
    """
    models = _meant(config)
    if not models:
        return None
    check_packages()
    here = _here(models, config)
    machine = look()
    if machine.fault:
        raise EngineMissing(f"models cannot be run: {machine.fault}")
    for found in sorted(here, key=_size, reverse=True):
        if fitting := [device.name for device in machine.working if _fits(found, device)]:
            return found, tuple(fitting)
    return min(here, key=_size), ("cpu",)


def _meant(config: Config) -> Sequence[Model]:
    """List the models that may be used, each once."""
    name = config.engine.profile
    profiles = [profile for profile in known_profiles() if name in ("auto", profile.name)]
    meant = [speech_model(config, profile) for profile in profiles]
    return tuple(dict.fromkeys(model for model in meant if model))


def _here(models: Sequence[Model], config: Config) -> Sequence[Installed]:
    found, lacking = [], []
    for model in models:
        try:
            found.append(installed_speech(model, base_folder(config)))
        except EngineMissing as error:
            lacking.append(error)
    if found:
        return found
    if len(lacking) == 1:
        raise lacking[0]
    names = " or ".join(model.name for model in models)
    raise EngineMissing(f"no model that hears is here ({names}); {download(models[0])}")


def _size(found: Installed) -> float:
    return found.model.gb


def _fits(found: Installed, device: Device) -> bool:
    return found.model.gb * _ROOM * _GB <= device.total
