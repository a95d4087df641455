"""Which models run on which devices: profiles, what is downloaded, and the memory that is free."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path

from msgspec.structs import replace

from daemon.config import Config
from daemon.engines import EngineError, EngineMissing
from daemon.engines.cached import by_ctranslate2, hub_folder, installed
from daemon.engines.devices import Device, Look, Machine
from daemon.engines.profiles import (
    SPEECH,
    Installed,
    Model,
    Models,
    Profile,
    known_model,
    known_profiles,
)
from daemon.toml_keys import ConfigError

PACKAGES = ("torch", "transformers", "accelerate")
INSTALL_MODELS = "pip install 'captiond[models]'"
NONE = "none"
OWN = "own models"
PURPOSES = ("image", "video", "translation", SPEECH)
_GB = 10**9


@dataclass(frozen=True, slots=True)
class Taken:
    """The profile that is used, its models as they lie here, the devices, and why these."""

    profile: Profile
    models: Models
    devices: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A profile with all its models here."""

    profile: Profile
    models: Models

    @property
    def vram(self) -> int:
        """Give the bytes of device memory that it needs."""
        return int(self.profile.vram_gb * _GB)

    def fits(self, device: Device, memory: int) -> bool:
        """Tell whether it runs on *device* when that has so many bytes of *memory* for it."""
        return self.vram <= memory and self.profile.capability <= device.capability


def take(config: Config, look: Look, needs_gpu: bool) -> Taken:
    """Choose models and devices; without *needs_gpu* the processor will do.

    Looks at the machine only when there is something to run. Raises EngineError.
    """
    check_packages()
    here = candidates(config)
    machine = look()
    if machine.fault:
        raise EngineMissing(f"models cannot be run: {machine.fault}")
    if machine.working:
        return _on_gpus(here, machine)
    broken = "; ".join(f"{d.title} does not work: {d.fault}" for d in machine.devices)
    if needs_gpu:
        raise EngineMissing(broken or "no GPU was found")
    return _on_cpu(here, broken or "no GPU was found")


def check_packages() -> None:
    """Raise EngineMissing where the extra ``models`` is not installed."""
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        raise EngineMissing(
            f"the models extra is not installed ({', '.join(missing)}); {INSTALL_MODELS}"
        )


def candidates(config: Config) -> Sequence[Candidate]:
    """List the profiles that may be used and are wholly here; raises EngineMissing when none is.

    The error is that of the profile of which most is here.
    """
    found, lacking = [], []
    for profile in wanted(config):
        try:
            found.append(Candidate(profile, _lying_here(profile, config)))
        except EngineMissing as error:
            lacking.append((_share_here(profile, config), str(error)))
    if found:
        return found
    share, error_text = max(lacking, key=lambda lack: lack[0])
    if share or len(lacking) == 1:
        raise EngineMissing(error_text)
    raise EngineMissing(
        f"no models are in {hub_folder()}; `captiond models list` says which there are, and "
        "`captiond models pull PROFILE` gets them"
    )


def wanted(config: Config) -> Sequence[Profile]:
    """List the profiles that the configuration allows, with the models that it puts into them.

    Without a profile by name, an image model of the user's own stands alone.
    """
    name, engine = config.engine.profile, config.engine
    if name == "auto" and engine.image_model:
        own = Profile(name=OWN, good_at="", vram_gb=0, image=_named(engine.image_model, config))
        return (_overridden(own, config),)
    known = known_profiles()
    chosen = [profile for profile in known if name in ("auto", profile.name)]
    if not chosen:
        names = [profile.name for profile in known]
        near = get_close_matches(name, names, 1)
        meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
        raise ConfigError(f'engine.profile: there is no "{name}"; {meant}')
    return tuple(_overridden(profile, config) for profile in chosen)


def _overridden(profile: Profile, config: Config) -> Profile:
    engine = config.engine
    image = _named(engine.image_model, config) if engine.image_model else profile.image
    video = _other(engine.video_model, profile.video, config)
    frames = engine.video_frames
    if frames and video:
        video = replace(video, frames=frames)
    elif frames:
        image = replace(image, frames=frames)
    translation = _other(engine.translation_model, profile.translation, config)
    speech = speech_model(config, profile)
    return replace(profile, image=image, video=video, translation=translation, speech=speech)


def speech_model(config: Config, profile: Profile) -> Model | None:
    """Name the model that hears, in place of that of *profile*; None where nobody wants one.

    It is never quantized: it is small.
    """
    name = config.engine.speech_model
    if SPEECH not in config.tasks or name == NONE:
        return None
    return known_model(name) if name else profile.speech


def _other(name: str, default: Model | None, config: Config) -> Model | None:
    if name == NONE:
        return None
    return _named(name, config) if name else default


def _named(name: str, config: Config) -> Model:
    model = known_model(name)
    asked = config.engine.quantize
    if not asked:
        return model
    return replace(model, quantization="" if asked == NONE else asked)


def base_folder(config: Config) -> Path:
    """Give the folder that relative names of models count from."""
    return config.source.parent if config.source else Path.cwd()


def _lying_here(profile: Profile, config: Config) -> Models:
    base = base_folder(config)
    image = installed(profile.image, base)
    video = installed(profile.video, base) if profile.video else None
    translation = installed(profile.translation, base) if profile.translation else None
    speech = installed_speech(profile.speech, base) if profile.speech else None
    return Models(image, video, translation, speech)


def installed_speech(model: Model, base: Path) -> Installed:
    """Find the files of a *model* that hears; raises EngineMissing, also for one that does not."""
    found = installed(model, base)
    if SPEECH not in found.tasks:
        raise EngineMissing(
            f"{found.label} is no Whisper, and no other models are used to hear speech; "
            "take openai/whisper-large-v3-turbo, openai/whisper-small or one made from them"
        )
    return found


def _share_here(profile: Profile, config: Config) -> float:
    def is_here(model: Model) -> bool:
        try:
            installed(model, base_folder(config))
        except EngineMissing:
            return False
        return True

    # The translation model is the same in all of them: to have it says little.
    seen = [model for model in (profile.image, profile.video) if model]
    return sum(map(is_here, seen)) / len(seen)


def _on_gpus(here: Sequence[Candidate], machine: Machine) -> Taken:
    best, note = _fitting(here, machine.working)
    fitting = [d for d in machine.working if best.fits(d, d.total)] or machine.working
    titles = dict.fromkeys(device.title for device in fitting)
    why = f"{best.profile.name} on {' and '.join(titles)}{note}"
    return Taken(best.profile, best.models, tuple(device.name for device in fitting), why)


def _fitting(here: Sequence[Candidate], devices: Sequence[Device]) -> tuple[Candidate, str]:
    """Take the largest that fits now, else the smallest that would if nobody else used the GPU."""
    now = [c for c in here if any(c.fits(d, d.free) for d in devices)]
    if now:
        return max(now, key=lambda c: c.vram), ""
    smallest = min(here, key=lambda c: c.vram)
    free = max(device.free for device in devices) / _GB
    needed = f"{smallest.profile.vram_gb:.1f} GB"
    if any(smallest.fits(d, d.total) for d in devices):
        return smallest, f"; it needs {needed} and {free:.1f} GB are free, so it may have to wait"
    if len(here) == 1:
        return smallest, f"; it is made for {_made_for(smallest)}, so it may not fit"
    total = max(device.total for device in devices) / _GB
    raise EngineError(
        f"no profile whose models are here fits on this GPU ({total:.1f} GB); the smallest, "
        f"{smallest.profile.name}, needs {needed}. Name one as engine.profile to try it"
    )


def _made_for(candidate: Candidate) -> str:
    profile = candidate.profile
    newest = f" and compute capability {profile.capability}" if profile.capability else ""
    return f"{profile.vram_gb:.1f} GB{newest}"


def _on_cpu(here: Sequence[Candidate], why: str) -> Taken:
    best = min(here, key=lambda c: c.vram)
    translation = best.models.translation and fast_on_cpu(best.models.translation)
    models = replace(best.models, translation=translation)
    return Taken(best.profile, models, ("cpu",), f"{best.profile.name} on the CPU: {why}")


def fast_on_cpu(translation: Installed) -> Installed:
    """Have CTranslate2 run a translation model, where it is installed."""
    return by_ctranslate2(translation) if find_spec("ctranslate2") else translation


def working_devices(machine: Machine) -> tuple[str, ...]:
    """Name the GPUs that work."""
    return tuple(device.name for device in machine.working)


def each_model(profile: Profile) -> Iterator[tuple[str, Model]]:
    """Give what each model of *profile* is for, with the model."""
    for purpose in PURPOSES:
        if model := getattr(profile, purpose):
            yield purpose, model
