"""Which engine describes, and why; found out without loading it."""

import hashlib
import importlib.metadata
import importlib.resources
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib.util import find_spec

import msgspec

from daemon.config import Config
from daemon.endpoints import Endpoint
from daemon.engines import EngineError
from daemon.engines.beside import Beside, hearing, hearing_and_translating, why_unheard
from daemon.engines.devices import Look, unseen
from daemon.engines.flores import flores
from daemon.engines.languages import catalog_for
from daemon.engines.modelled import NONE, Taken, take
from daemon.engines.profiles import PROMPTED, Installed, Models
from daemon.toml_keys import ConfigError
from metadata.asset import Asset, MediaKind

OCR_PACKAGES = ("rapidocr", "onnxruntime")
INSTALL_OCR = "pip install 'captiond[ocr]'"
ENGLISH = "eng_Latn"
NO_NLLB = "there is no translation model"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is shown assets of one kind: a model here, or on servers where *remote*.

    It is shown pictures of at most *side* pixels, videos as *frames* of them, and can be asked
    *tasks*. *labels* name the models that may answer, the first one the most likely.
    """

    labels: tuple[str, ...]
    side: int
    frames: int
    tasks: tuple[str, ...]
    remote: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine that is used: its name, its model with version, what it speaks, and the reason.

    *languages* are those configured that the engine can say something in, *unspoken* the others.
    *reads* tells whether texts in pictures are looked for, *unread* else why not; *unheard* why
    speech that is wanted is not listened for.
    *tentative* are the doubtful claims that are asked for. *models* run on *devices*; *prompts* has
    the version of the prompt of each task that they are asked, *manner* the temperature and the
    longest answer in tokens. *servers* are asked in place of models for pictures, and translate
    where there is no model for that here, unless nobody is to.
    """

    name: str
    model: str
    languages: tuple[str, ...]
    unspoken: tuple[str, ...]
    why: str
    reads: bool = False
    unread: str = ""
    unheard: str = ""
    tentative: tuple[str, ...] = ()
    models: Models = Models()  # noqa: RUF009 - frozen
    devices: tuple[str, ...] = ()
    prompts: tuple[tuple[str, str], ...] = ()
    manner: tuple[float, int] = (0.0, 0)
    servers: tuple[Endpoint, ...] = ()
    servers_translate: bool = True

    @property
    def why_unspoken(self) -> str:
        """Say what the languages that are left out would need."""
        if self.viewer(MediaKind.IMAGE) is None:
            return "no catalog"
        return "the translation model does not know them" if self.translator else NO_NLLB

    def viewer(self, kind: MediaKind) -> Viewer | None:
        """Tell who is shown assets of *kind*; None where the builtin engine looks."""
        if self.servers:
            return _served(self.servers)
        installed = (kind is MediaKind.VIDEO and self.models.video) or self.models.image
        if installed is None:
            return None
        model = installed.model
        return Viewer((installed.label,), model.side, model.frames, installed.tasks)

    @property
    def translator(self) -> str | None:
        """Name the model that translates; None where there is none beside the builtin engine."""
        if found := self.models.translation:
            return found.label
        return self.servers[0].model if self.servers and self.servers_translate else None

    def labels(self, kind: MediaKind) -> tuple[str, ...]:
        """Name the models that may word captions of assets of *kind*, the most likely first."""
        viewer = self.viewer(kind)
        if viewer:
            return viewer.labels
        return (self.model if self.name == "builtin" else builtin_model(),)

    def model_for(self, kind: MediaKind) -> str:
        """Name what most likely words the captions of assets of *kind*."""
        return self.labels(kind)[0]


def _served(servers: tuple[Endpoint, ...]) -> Viewer:
    """Show all of several servers the same, so that any of them can be asked."""
    return Viewer(
        tuple(dict.fromkeys(server.model for server in servers)),
        min(server.side for server in servers),
        min(server.frames for server in servers),
        PROMPTED,
        remote=True,
    )


def choose(config: Config, look: Look = unseen) -> Choice:
    """Pick the engine that the configuration asks for; *look* is called if devices matter.

    Raises EngineError when it is not here, or ConfigError.
    """
    use = config.engine.use
    if use == "builtin":
        return _builtin(config, look, "asked for by engine.use")
    if use == "openai":
        return _openai(config, look)
    try:
        return _transformers(config, take(config, look, needs_gpu=use == "auto"))
    except EngineError as error:
        if use == "transformers":
            raise
        return _builtin(config, look, str(error))


def _builtin(config: Config, look: Look, why: str) -> Choice:
    catalogs = builtin_languages()
    spoken = [lang for lang in config.languages if catalog_for(lang, catalogs)]
    choice = _chosen(config, "builtin", builtin_model(), spoken, why)
    return _with(choice, config, hearing(config, look))


def _transformers(config: Config, taken: Taken) -> Choice:
    image, translates = taken.models.image, taken.models.translation is not None
    assert image is not None
    spoken = [lang for lang in config.languages if speaks(lang, translates)]
    choice = _chosen(config, "transformers", image.label, spoken, taken.why)
    choice = replace(choice, manner=(config.engine.temperature, config.engine.max_tokens))
    return _with(choice, config, Beside(taken.models, taken.devices))


def _openai(config: Config, look: Look) -> Choice:
    """Have servers asked; what their models speak nobody can know before."""
    servers = config.engine.endpoints
    if not servers:
        raise EngineError('engine.use = "openai" asks a server, and no [[engine.endpoints]] is set')
    why = f"asked for by engine.use, on {' and '.join(server.url for server in servers)}"
    beside = hearing_and_translating(config, look)
    translate = config.engine.translation_model != NONE
    spoken = [lang for lang in config.languages if _is_spoken(lang, beside, translate)]
    choice = _chosen(config, "openai", servers[0].model, spoken, why)
    manner = (config.engine.temperature, config.engine.max_tokens)
    choice = replace(choice, servers=servers, servers_translate=translate, manner=manner)
    return _with(choice, config, beside)


def _is_spoken(language: str, beside: Beside, translate: bool) -> bool:
    """Tell whether servers, or the model *beside* them, may say something in *language*."""
    if beside.models.translation or not translate:
        return speaks(language, translate)
    return True


def _with(choice: Choice, config: Config, beside: Beside) -> Choice:
    unheard = why_unheard(config, beside.models.speech, beside.unheard)
    return replace(choice, models=beside.models, devices=beside.devices, unheard=unheard)


def speaks(language: str, translates: bool) -> bool:
    """Tell whether models can say something in *language*: English, or what NLLB translates to."""
    code = flores(language)
    return code is not None and (translates or code == ENGLISH)


def _chosen(config: Config, name: str, model: str, spoken: Sequence[str], why: str) -> Choice:
    unspoken = tuple(lang for lang in config.languages if lang not in spoken)
    unread, tentative = why_unread(config), _tentative(config)
    return Choice(
        name,
        model,
        tuple(spoken),
        unspoken,
        why,
        reads=not unread,
        unread=unread,
        tentative=tentative,
    )


def description_key(asset: Asset, choice: Choice, tasks: Sequence[str]) -> str:
    """Name the description that *asset* gets: equal keys, equal words.

    The capture facts stand beside the content because captions quote them: a copy with another
    date must not inherit the first one's, nor one named otherwise that it is a screenshot.
    """
    facts = (
        asset.taken_at, asset.camera, asset.latitude, asset.longitude, asset.companion,
        asset.lens, asset.origin, asset.author,
    )  # fmt: skip
    models = [_worded_by(found) for found in choice.models.each]
    # another server with the same model changes no words
    viewer = _served(choice.servers) if choice.servers else None
    made = (
        choice.model, models, choice.prompts, choice.manner, tasks, choice.languages, choice.reads,
        choice.tentative, viewer and (viewer.labels, viewer.side, viewer.frames),
    )  # fmt: skip
    return hashlib.sha256(msgspec.json.encode((asset.content, facts, made))).hexdigest()


def _worded_by(found: Installed) -> tuple[str | int, ...]:
    """Give what the words of a model depend on, beside the prompts; its label has the rest."""
    model = found.model
    return (found.label, model.dtype, model.runtime, model.side, model.frames)


def builtin_model() -> str:
    """Name the builtin engine with its version, which is the package's."""
    return f"builtin@{importlib.metadata.version('captiond')}"


def builtin_languages() -> Sequence[str]:
    """List the languages that have a message catalog."""
    catalogs = importlib.resources.files("daemon.engines").joinpath("builtin/catalogs")
    return sorted(f.name.removesuffix(".ftl") for f in catalogs.iterdir() if f.name[-4:] == ".ftl")


def doubtful_claims() -> Sequence[str]:
    """List the claims of the builtin engine that were measured, sure or not."""
    table = importlib.resources.files("daemon.engines").joinpath("builtin/claims.tsv")
    lines = table.read_text("utf-8").splitlines()
    return [line.partition("\t")[0] for line in lines if not line.startswith("#")]


def why_unread(config: Config) -> str:
    """Say why texts in pictures are not looked for; nothing when they are."""
    if "text" not in config.tasks:
        return 'tasks leaves "text" out'
    missing = [name for name in OCR_PACKAGES if find_spec(name) is None]
    if not missing:
        return ""
    return f"the ocr extra is not installed ({' and '.join(missing)})"


def _tentative(config: Config) -> tuple[str, ...]:
    known = doubtful_claims()
    for name in config.engine.tentative:
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise ConfigError(f"engine.tentative: there is no claim {name!r}{meant}")
    return config.engine.tentative
