"""A request that every server which is well can answer: to tell a bad file from a bad server."""

from base64 import b64decode
from textwrap import dedent

from daemon.engines.openai_engine.bodies import Shot, Style, body, data_uri
from daemon.engines.openai_engine.habits import Manner

_RED = dedent("""\
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERX
    RTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj
    Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCABAAEADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAA
    AAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFgEBAQEAAAAAAAAAAAAAAAAAAAQG/8QAFBEBAAAAAAAAAAAAAAAA
    AAAAAP/aAAwDAQACEQMRAD8AjgIWoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAf/9k=
""").replace("\n", "")
_PICTURE = Shot((data_uri(b64decode(_RED)),))
_MOST = 16


def trial(model: str, manner: Manner, pictured: bool) -> bytes:
    """Ask *model* which colour a small red picture has, or where not *pictured* of a word."""
    shot = _PICTURE if pictured else Shot()
    text = "Which colour is this picture?" if pictured else "Which colour has snow?"
    return body(shot, f"{text} Answer with one word.", Style(model, 0.0), manner, _MOST)
