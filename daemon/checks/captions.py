"""Look at what was described: whether a model says the same of many different pictures."""

from daemon.checks import Check
from daemon.config import Config
from daemon.stores import INDEX_NAME
from metadata.database import MissingDatabase, StorageError
from metadata.sameness import LATEST, Repeated
from metadata.search import IndexReader

NAME = "captions"
REMEDY = (
    "look at these files; where the captions are wrong, name another model or mend the prompt "
    "(`captiond prompts try caption FILE` shows the answer), then `captiond redo --stale`"
)


def repeated(config: Config) -> Check:
    """Say which captions are given again and again."""
    try:
        with IndexReader.open(config.state_dir / INDEX_NAME) as index:
            found = index.repeated()
    except MissingDatabase:
        return Check(NAME, True, "nothing was described yet")
    except StorageError as error:
        return Check(NAME, None, f"not looked at: {error}")
    if not found:
        return Check(NAME, True, f"no model says the same again and again in the latest {LATEST}")
    return Check(NAME, None, "; ".join(map(_told, found)), REMEDY)


def _told(found: Repeated) -> str:
    names = ", ".join(found.examples)
    return (
        f"{found.model} says “{found.caption}” of {found.scenes} of its latest {found.of} "
        f"pictures, such as {names}"
    )
