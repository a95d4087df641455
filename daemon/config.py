"""What the user decided: Config, read once from TOML and the environment and checked whole."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import msgspec

from daemon.endpoints import Endpoint, faults
from daemon.toml_keys import ConfigError, check_keys, line_of, overlay
from metadata.change import Rules, SidecarName, Write
from metadata.description import TASKS
from metadata.presets import PRESETS, STILLS

SERVICE_STATE = "/var/lib/captiond"
READER_BYTES = 700 * 2**20
VIDEO_FRAMES = (8, 32)
_ENDPOINT = "add [[engine.endpoints]] with its url and model"
DEFAULT_TASKS = ("text", "caption", "alt", "tags", "sentiment", "translate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """One hot folder and how its files are written."""

    path: Path
    exclude: tuple[str, ...] = ()
    dam: str = "any"
    write: Write | None = None
    sidecar_name: SidecarName | None = None
    settle_s: float = 2.0
    poll: Literal["auto", "always", "never"] = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChoice:
    """Which engine answers the stages; the keys beyond *use* belong to engines with a model.

    *quantize* is for the models that are named here instead of a profile's, *video_frames* 0 stands
    for as many as the profile says. With *owner_words* models are told what a human noted:
    keywords, caption, folder. *tentative* names claims of the builtin engine that are made although
    they are not sure enough.
    """

    use: Literal["auto", "builtin", "transformers", "openai"] = "auto"
    profile: str = "auto"
    image_model: str = ""
    video_model: str = ""
    translation_model: str = ""
    speech_model: str = ""
    quantize: Literal["", "none", "nf4", "int8"] = ""
    video_frames: int = 0
    temperature: float = 0.0
    max_tokens: int = 300
    idle_unload_s: int = 600
    owner_words: bool = True
    tentative: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Where the search page listens."""

    listen: str = "127.0.0.1:8765"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that can be configured; paths are absolute, ``source`` is the file it is from."""

    state_dir: Path = Path("~/.local/state/captiond")
    languages: tuple[str, ...] = ("es", "fr", "hi")
    tasks: tuple[str, ...] = DEFAULT_TASKS
    max_pixels: int = 100_000_000
    workers: int = 0
    exiftool: str = "exiftool"
    prompts_dir: str = ""
    vocabulary: str = ""
    vocabulary_mode: Literal["prefer", "only"] = "prefer"
    translations_in_description: bool = False
    translated_tags: bool = False
    mood_keywords: bool = False
    transcript_vtt: bool = False
    journal_max_mb: int = 512
    folders: tuple[Folder, ...] = ()
    engine: EngineChoice = field(default_factory=EngineChoice)
    web: Web = field(default_factory=Web)
    source: Path | None = None

    @property
    def scratch(self) -> Path:
        """Name the private folder where files are made before they go to their places."""
        return self.state_dir / "scratch"

    @property
    def worker_count(self) -> int:
        """Count the media workers: as configured, else one more than cores that may be used.

        While one waits for the disk to sync, another has its core.
        """
        return self.workers or len(os.sched_getaffinity(0)) + 1

    @property
    def reader_count(self) -> int:
        """Count the readers of texts: half the media workers, and none beyond a quarter of memory.

        A text takes longer than everything else, so that half of the cores are kept busy by it.
        """
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return max(min(self.worker_count // 2, memory // 4 // READER_BYTES), 1)

    def folder_of(self, path: Path) -> Folder | None:
        """Find the innermost hot folder that holds *path*."""
        holding = [f for f in self.folders if path.is_relative_to(f.path)]
        return max(holding, key=lambda folder: len(folder.path.parts), default=None)

    def rules_for(self, path: Path) -> Rules:
        """Tell how values are written for the media file at *path*, in a hot folder or not."""
        folder = self.folder_of(path) or Folder(path=path)
        preset = PRESETS[folder.dam]
        return Rules(
            write=folder.write or (Write.EMBED if preset.embeds else Write.SIDECAR),
            embeds=preset.embeds or STILLS,
            sidecar_name=folder.sidecar_name or preset.name,
            translations_in_description=self.translations_in_description,
            transcript_vtt=self.transcript_vtt,
        )

    def with_folders(self, paths: tuple[Path, ...]) -> "Config":
        """Watch *paths* instead of the configured folders; a configured one keeps its settings."""
        known = {folder.path: folder for folder in self.folders}
        wanted = tuple(known.get(path, Folder(path=path)) for path in map(_absolute, paths))
        return _checked(replace(self, folders=wanted or self.folders), "")


def as_plain(config: Config) -> dict[str, Any]:
    """Spell *config* in plain values, as `captiond config show` prints it."""
    plain: dict[str, Any] = msgspec.to_builtins(config, enc_hook=str)
    return plain


def default_places(environment: Mapping[str, str] = os.environ) -> tuple[Path, Path]:
    """Name the two files that are read when no other is given, in order."""
    home = environment.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(home).expanduser() / "captiond/config.toml", Path("/etc/captiond/config.toml")


def load(path: Path | None = None, environment: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration; raises ConfigError with file, line and remedy."""
    source = path or next((p for p in default_places(environment) if p.is_file()), None)
    text = _text_of(source) if source else ""
    raw = _parsed(text, source)
    check_keys(raw, Config, text, str(source))
    raw = overlay(raw, environment, Config)
    if "state_dir" not in raw and (place := _services_state(source, environment)):
        raw["state_dir"] = place
    config = _converted(raw, text, source)
    base = source.parent if source else Path.cwd()
    return _checked(replace(_anchored(config, base), source=source and source.absolute()), text)


def _services_state(source: Path | None, environment: Mapping[str, str]) -> str | None:
    """Name the service's state folder, for the service itself and for whoever asks it."""
    if named := environment.get("STATE_DIRECTORY"):
        return named.partition(":")[0]
    return SERVICE_STATE if source == default_places(environment)[1] else None


def _text_of(source: Path) -> str:
    try:
        return source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{source}: the configuration cannot be read: {error}") from error


def _parsed(text: str, source: Path | None) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}: not valid TOML: {error}") from error


def _converted(raw: dict[str, Any], text: str, source: Path | None) -> Config:
    try:
        return msgspec.convert(raw, Config, dec_hook=_to_path)
    except msgspec.ValidationError as error:
        says, _, where = str(error).partition(" - at ")
        keys = where.strip("`$.") or "?"
        place = f"{source}, line {line_of(text, keys)}: " if source else ""
        raise ConfigError(f"{place}{keys}: {says}") from error


def _to_path(shape: type, value: Any) -> Any:
    if shape is Path and isinstance(value, str):
        return Path(value)
    raise ConfigError(f"{value!r} is not a path")


def _absolute(path: Path, base: Path | None = None) -> Path:
    try:
        expanded = path.expanduser()
    except RuntimeError as error:
        raise ConfigError(f"{path}: there is no such user") from error
    # normpath, not resolve: a hot folder that is a link stays the place the user named
    return Path(os.path.normpath((base or Path.cwd()).absolute() / expanded))


def _anchored(config: Config, base: Path) -> Config:
    folders = tuple(replace(f, path=_absolute(f.path, base)) for f in config.folders)
    prompts = config.prompts_dir and str(_absolute(Path(config.prompts_dir), base))
    words = config.vocabulary and str(_absolute(Path(config.vocabulary), base))
    state = _absolute(config.state_dir, base)
    engine = replace(config.engine, endpoints=tuple(_reached(config, base)))
    placed = replace(config, state_dir=state, folders=folders, engine=engine)
    return replace(placed, prompts_dir=prompts, vocabulary=words)


def _reached(config: Config, base: Path) -> Iterator[Endpoint]:
    for endpoint in config.engine.endpoints:
        key = endpoint.api_key_file and str(_absolute(Path(endpoint.api_key_file), base))
        yield replace(endpoint, api_key_file=key)


def _checked(config: Config, text: str) -> Config:
    for task in config.tasks:
        if task not in TASKS:
            raise _wrong(
                config, text, "tasks", f'"{task}" is no task; there are {", ".join(TASKS)}'
            )
    if config.max_pixels < 1 or config.workers < 0 or config.journal_max_mb < 0:
        raise _wrong(config, text, "max_pixels", "numbers must not be negative, max_pixels not 0")
    _check_wording(config, text)
    _check_engine(config, text)
    seen: set[Path] = set()
    for folder in config.folders:
        _check_folder(config, folder, text)
        if folder.path in seen:
            raise _wrong(config, text, "folders", f"{folder.path} stands there twice")
        seen.add(folder.path)
    return config


def _check_wording(config: Config, text: str) -> None:
    """See that what the user has written for models is there."""
    if config.prompts_dir and not Path(config.prompts_dir).is_dir():
        raise _wrong(config, text, "prompts_dir", f"{config.prompts_dir} is not a folder; make it")
    if config.vocabulary and not Path(config.vocabulary).is_file():
        says = f"{config.vocabulary} is not a file; write your keywords into it, one on each line"
        raise _wrong(config, text, "vocabulary", says)
    if config.vocabulary_mode == "only" and not config.vocabulary:
        raise _wrong(config, text, "vocabulary_mode", '"only" needs a list; set vocabulary')


def _check_engine(config: Config, text: str) -> None:
    engine = config.engine
    least, most = VIDEO_FRAMES
    wrong = {
        "temperature": engine.temperature < 0 and "must not be negative; 0 is greedy",
        "max_tokens": engine.max_tokens < 1 and "an answer has at least one token",
        "idle_unload_s": engine.idle_unload_s < 0 and "seconds must not be negative",
        "video_frames": engine.video_frames not in (0, *range(least, most + 1))
        and f"take {least} to {most}, or 0 for as many as the profile says",
    }
    for key, says in wrong.items():
        if says:
            raise _wrong(config, text, f"engine.{key}", says)
    if engine.use == "openai" and not engine.endpoints:
        raise _wrong(config, text, "engine.use", f'"openai" asks a server: {_ENDPOINT}')
    for endpoint in engine.endpoints:
        for key, says in faults(endpoint):
            raise _wrong(config, text, f"engine.endpoints.{key}", says)


def _check_folder(config: Config, folder: Folder, text: str) -> None:
    if folder.dam not in PRESETS:
        raise _wrong(config, text, "dam", f'"{folder.dam}" is none of {", ".join(PRESETS)}')
    if folder.settle_s < 0:
        raise _wrong(config, text, "settle_s", "seconds must not be negative")
    if config.state_dir.is_relative_to(folder.path) and not _hidden(config, folder):
        raise _wrong(config, text, "state_dir", f"must not lie inside the hot folder {folder.path}")


def _hidden(config: Config, folder: Folder) -> bool:
    return any(p.startswith(".") for p in config.state_dir.relative_to(folder.path).parts)


def _wrong(config: Config, text: str, key: str, says: str) -> ConfigError:
    line = line_of(text, key)
    place = f"{config.source}, line {line}: " if config.source and line else ""
    return ConfigError(f"{place}{key}: {says}")
