"""What is known of files, read from the two databases without disturbing whoever writes them."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from daemon.chosen import chosen_before
from daemon.config import Config
from daemon.engines import EngineError
from daemon.engines.choice import Choice, description_key
from daemon.jobs import JobQueue
from daemon.known import Known
from daemon.reach import media_of
from daemon.stores import INDEX_NAME, STATE_NAME, shaped_with
from metadata.computed import Descriptions
from metadata.database import Database, MissingDatabase, StorageError, open_readonly
from metadata.description import Record
from metadata.formats import is_sidecar
from metadata.lexicon import Keyword
from metadata.schema import STATE
from metadata.search import IndexReader, Query


def told_of(config: Config, path: str) -> dict[str, Any]:
    """Tell everything known of the file at *path*, or of the one that a sidecar belongs to."""
    with ExitStack() as opened:
        state, index = _state(config, opened), _index(config, opened)
        media = _media(Path(path))
        record = index.get(media) if index else None
        return _told(config, _choice(config), state, record, media)


def told_by(config: Config, query: Query) -> Iterator[dict[str, Any]]:
    """Tell of each file that *query* finds; nothing when there is no index yet."""
    with ExitStack() as opened:
        state, index = _state(config, opened), _index(config, opened)
        choice = _choice(config)
        for record in index.each(query) if index else ():
            yield _told(config, choice, state, record, record.asset.path)


def keywords_of(config: Config) -> list[Keyword]:
    """List the keywords of all files, those of most files first; none without an index yet."""
    with ExitStack() as opened:
        index = _index(config, opened)
        return index.keywords() if index else []


def _told(
    config: Config, choice: Choice | None, state: Database | None, record: Record | None, path: Path
) -> dict[str, Any]:
    if state is None:
        return shaped_with(record, path, record.asset if record else None, None, None)
    asset = record.asset if record else Known(state.connection).asset(path)
    job = JobQueue(state.connection).get(path)
    key = description_key(asset, choice, config.tasks) if asset and choice else None
    stored = Descriptions(state).get(key) if key else None
    return shaped_with(record, path, asset, job, stored[1] if stored else None)


def _choice(config: Config) -> Choice | None:
    try:
        return chosen_before(config)
    except EngineError:
        return None


def _state(config: Config, opened: ExitStack) -> Database | None:
    """Open state.db; members of the service's group may read the index, but not this."""
    try:
        return opened.enter_context(open_readonly(config.state_dir / STATE_NAME, STATE))
    except StorageError:
        return None


def _index(config: Config, opened: ExitStack) -> IndexReader | None:
    try:
        return opened.enter_context(IndexReader.open(config.state_dir / INDEX_NAME))
    except MissingDatabase:
        return None


def _media(path: Path) -> Path:
    return next(iter(media_of(path)), path) if is_sidecar(path) else path
