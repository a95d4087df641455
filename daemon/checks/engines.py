"""Check what finds the words: the engine, its models and where they lie, devices, languages."""

from collections.abc import Iterable, Iterator

from daemon import probe
from daemon.checks import Check
from daemon.checks.servers import servers
from daemon.chosen import Looking, chosen
from daemon.config import Config
from daemon.engines import EngineError, EngineMissing
from daemon.engines.cached import installed
from daemon.engines.choice import Choice
from daemon.engines.devices import Device, Machine
from daemon.engines.modelled import PURPOSES, base_folder, each_model, wanted
from daemon.engines.profiles import Installed, Model, Profile
from daemon.engines.spoken import speech_here

INSTALL_CT2 = "pip install 'captiond[ct2]'"
NLLB = "facebook/nllb-200-distilled-600M@refs/pr/45"
NO_SPEECH = 'get it, or take "speech" out of `tasks`'
UNTRIED = "its real weights were not run by us"
_GB = 10**9


def engine(config: Config, look: Looking | None = None) -> list[Check]:
    """Tell which engine answers and why, with what, and in which languages."""
    look = look or Looking(probe.ask)
    try:
        choice = chosen(config, look)
    except EngineError as error:
        told = Check("engine", False, str(error), 'set engine.use = "auto" to go on without models')
        return [told, *_missing(config), *_machine(look.seen)]
    if choice.servers:
        says = f"{choice.name}: {choice.why}"
        rest = [*_speech(config, look), *_machine(look.seen), _translation(choice)]
        return [Check("engine", True, says), *servers(config), *rest, _languages(choice)]
    if choice.models.image is None:
        says = f"{choice.model}, which needs no download and no graphics card: {choice.why}"
        speech = list(_speech(config, look))
        return [Check("engine", True, says), *speech, *_machine(look.seen), _languages(choice)]
    return [
        Check("engine", True, f"{choice.name}: {choice.why}"),
        *_models(choice),
        *_machine(look.seen),
        _translation(choice),
        _languages(choice),
    ]


def told_of(model: Model) -> str:
    """Say in a few words what is known of a model, its licence first."""
    return "; ".join(_known(model))


def _known(model: Model) -> Iterator[str]:
    yield f"licence: {model.licence or 'not known to captiond'}"
    if model.gated:
        yield "has to be accepted on the hub before the download"
    if model.quantization:
        yield f"made {model.quantization} while it is loaded"
    if model.gb:
        yield f"{model.gb:.1f} GB of memory"
    if model.licence and not model.tried:
        yield UNTRIED


def _models(choice: Choice) -> Iterator[Check]:
    for purpose in PURPOSES:
        found: Installed | None = getattr(choice.models, purpose)
        if found:
            yield Check(f"{purpose} model", True, _whole(found))
    if choice.models.video is None:
        yield Check("video model", True, "none: the image model is shown the frames")


def _speech(config: Config, look: Looking) -> Iterator[Check]:
    """Tell of the model that hears beside an engine without models, where it is asked for."""
    try:
        found = speech_here(config, look)
    except EngineError as error:
        yield Check("speech model", None, f"speech is not written down: {error}", NO_SPEECH)
        return
    if found:
        model, devices = found
        yield Check("speech model", True, f"{_whole(model)}; on {', '.join(devices)}")


def _whole(found: Installed) -> str:
    return f"{found.label} in {found.folder}: whole; {told_of(found.model)}"


def _missing(config: Config) -> Iterator[Check]:
    """Go through the models of the one profile that is asked for, if it is one."""
    try:
        profiles = wanted(config)
    except EngineError:
        return
    if len(profiles) == 1:
        yield from _each(profiles[0], config)


def _each(profile: Profile, config: Config) -> Iterator[Check]:
    for purpose, model in each_model(profile):
        try:
            found = installed(model, base_folder(config))
        except EngineMissing as error:
            yield Check(f"{purpose} model", False, str(error), f"get it; {told_of(model)}")
        else:
            yield Check(f"{purpose} model", True, f"{found.label} in {found.folder}: whole")


def _machine(machine: Machine | None) -> Iterator[Check]:
    """Tell of the devices; nothing when there was no reason to look."""
    if machine is None or machine.fault:
        return
    yield from map(_device, machine.devices)
    if machine.torchvision:
        yield Check(
            "torchvision",
            False,
            f"it is broken, and breaks models with it: {machine.torchvision}",
            "pip uninstall torchvision; captiond does not need it",
        )
    flash = f"flash-attn {machine.flash} for the models that take it, sdpa for the others"
    yield Check("attention", True, flash if machine.flash else "sdpa, which is part of torch")
    versions = f"torch {machine.torch}, transformers {machine.transformers}"
    yield Check("torch", True, versions)


def _device(device: Device) -> Check:
    if device.fault:
        return Check(
            f"device {device.name}",
            False,
            f"{device.title} does not work: {device.fault}",
            "install a torch that is made for this GPU and its driver (pytorch.org), or update it",
        )
    free, total = device.free / _GB, device.total / _GB
    says = f"{device.title}, compute capability {device.capability}"
    return Check(f"device {device.name}", True, f"{says}: {free:.1f} of {total:.1f} GB free")


def _translation(choice: Choice) -> Check:
    """Tell what translates: CTranslate2 where there is no GPU."""
    found = choice.models.translation
    if found is None and choice.servers:
        return Check("translation", True, "by the same servers")
    if found is None:
        return Check(
            "translation",
            None,
            "there is no translation model, so everything is said in English only",
            f'set engine.translation_model, such as "{NLLB}"',
        )
    if found.model.runtime == "ctranslate2":
        return Check("translation", True, "CTranslate2 with 8-bit weights, on the CPU")
    if choice.devices == ("cpu",):
        says = "transformers on the CPU; CTranslate2 is 6 to 13 times as fast there"
        return Check("translation", None, says, INSTALL_CT2)
    return Check("translation", True, "transformers, on the same device as the other models")


def _languages(choice: Choice) -> Check:
    spoken = ", ".join(("en", *_without_english(choice.languages)))
    if not choice.unspoken:
        return Check("languages", True, spoken)
    return Check(
        "languages",
        None,
        f"{spoken}; {choice.why_unspoken}, so left out: {', '.join(choice.unspoken)}",
        "take them out of `languages` to silence this",
    )


def _without_english(languages: Iterable[str]) -> Iterator[str]:
    return (tag for tag in languages if tag != "en")
