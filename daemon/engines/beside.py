"""Which models run here beside an engine that has none of its own: the builtin one, or servers."""

from dataclasses import dataclass

from msgspec.structs import replace

from daemon.config import Config
from daemon.engines import EngineError
from daemon.engines.cached import installed
from daemon.engines.devices import Look
from daemon.engines.modelled import (
    NONE,
    base_folder,
    check_packages,
    fast_on_cpu,
    working_devices,
)
from daemon.engines.profiles import SPEECH, Installed, Models, known_model
from daemon.engines.spoken import speech_here

CPU = ("cpu",)


@dataclass(frozen=True, slots=True)
class Beside:
    """The models and their devices; *unheard* says why speech that is wanted is not heard."""

    models: Models = Models()  # noqa: RUF009 - frozen
    devices: tuple[str, ...] = ()
    unheard: str = ""


def hearing(config: Config, look: Look) -> Beside:
    """Find what writes down speech; where it is not here the rest goes on without it."""
    try:
        found = speech_here(config, look)
    except EngineError as error:
        return Beside(unheard=str(error))
    if found is None:
        return Beside()
    speech, devices = found
    return Beside(Models(speech=speech), devices)


def hearing_and_translating(config: Config, look: Look) -> Beside:
    """Find a translation model too, where one is named; raises EngineError when that is not here.

    Servers translate as well: only who names a model wants another one for that.
    """
    beside = hearing(config, look)
    name = config.engine.translation_model
    if name in ("", NONE):
        return beside
    check_packages()
    translation = installed(known_model(name), base_folder(config))
    devices = beside.devices or working_devices(look()) or CPU
    if devices == CPU:
        translation = fast_on_cpu(translation)
    return Beside(replace(beside.models, translation=translation), devices, beside.unheard)


def why_unheard(config: Config, speech: Installed | None, unheard: str) -> str:
    """Say why speech is not looked for; nothing when it is, or nobody asked."""
    if speech or SPEECH not in config.tasks:
        return ""
    return unheard or f'engine.speech_model = "{NONE}"'
