import json
import os
from pathlib import Path

from metadata.description import (
    TASKS,
    Colour,
    Description,
    Fact,
    Look,
    Provenance,
    Record,
    Sentiment,
    Tag,
    TextLine,
    Video,
    Written,
)
from metadata.reasons import Reason, State
from metadata.shape import shaped, told
from metadata.stats import Stats, Tokens
from tests.catalogued import asset, record

COST = Stats({"look": 0.2, "decode": 0.1}, Tokens(1200, 90))
KEYS = [
    *("path", "state", "kind", "content", "width", "height", "duration_s", "taken_at", "camera"),
    *("place", "caption", "alt", "summary", "creative", "tags", "sentiment", "text", "codes"),
    *("transcript", "look", "video", "provenance", "stats", "written", "not_run", "error"),
]


def test_every_key_is_there_in_order_even_when_nothing_is_known() -> None:
    shape = shaped(None, Path("/hot/a.jpg"), None)
    assert list(shape) == KEYS
    assert shape["kind"] is shape["place"] is shape["video"] is shape["error"] is None
    assert shape["tags"] == shape["text"] == shape["written"] == []
    assert shape["caption"] == {}
    assert shape["sentiment"] == {"label": None, "score": None, "moods": [], "analysis": {}}
    assert shape["look"] == {"colours": [], "facts": []}
    assert shape["stats"] == {"seconds": {}, "tokens": None}
    assert shape["not_run"] == list(TASKS)


def test_a_full_record_has_the_shape_that_scripts_rely_on() -> None:
    made = Provenance("builtin", "builtin@0.1.0", None, "2024-07-03T00:00:00Z", "r1")
    full = Record(
        asset("a.mp4", taken_at="2024-07-03T18:20:11+02:00", latitude=48.2, longitude=16.4),
        Description(
            caption={"hi": "h", "es": "e", "en": "A dog"},
            tags=(Tag("red", "builtin", {"es": "rojo"}), Tag("Oma", "human")),
            sentiment=Sentiment("positive", 1.0, ("calm",)),
            text=(TextLine("BYE BYE"),),
            look=Look(
                (Colour("red", 0.31, "#d6282c"),), (Fact("blurry", False, "measured", 0.98),)
            ),
            video=Video(25.0, True, None, (1.5,)),
            provenance={"tags": made, "caption": made},
        ),
        (Written("sidecar", "/hot/a.mp4.xmp"),),
    )
    shape = shaped(full, full.asset.path, State.DONE, stats=COST)
    assert list(shape) == KEYS
    assert json.loads(json.dumps(shape)) == shape
    assert (shape["state"], shape["kind"], shape["width"]) == ("done", "image", 30)
    assert shape["place"] == {"name": None, "latitude": 48.2, "longitude": 16.4}
    assert list(shape["caption"]) == ["en", "es", "hi"]
    assert shape["tags"] == [
        {"name": "red", "source": "builtin", "translations": {"es": "rojo"}},
        {"name": "Oma", "source": "human", "translations": {}},
    ]
    assert shape["text"] == [{"text": "BYE BYE", "lang": None, "at_s": None}]
    assert shape["look"] == {
        "colours": [{"name": "red", "share": 0.31, "hex": "#d6282c"}],
        "facts": [{"name": "blurry", "value": False, "basis": "measured", "score": 0.98}],
    }
    assert shape["video"] == {"fps": 25.0, "sound": True, "shots": None, "cuts_s": [1.5]}
    assert list(shape["provenance"]) == ["caption", "tags"]
    assert list(shape["provenance"]["tags"]) == ["engine", "model", "prompt", "at", "run"]
    assert list(shape["stats"]["seconds"]) == ["decode", "look"]
    assert shape["stats"]["tokens"] == {"prompt": 1200, "completion": 90}
    assert shape["written"] == [{"where": "sidecar", "path": "/hot/a.mp4.xmp"}]
    assert "caption" not in shape["not_run"]
    assert "speech" in shape["not_run"]


def test_an_error_says_what_to_do() -> None:
    error = told(Reason.TRUNCATED, "at 50 %")
    shape = shaped(None, Path("a.jpg"), State.INCOMPLETE, asset=asset("a.jpg"), error=error)
    assert shape["error"] == {
        "reason": "truncated",
        "message": f"{Reason.TRUNCATED.message} (at 50 %)",
        "hint": Reason.TRUNCATED.hint,
    }
    assert (shape["state"], shape["width"]) == ("incomplete", 30)


def test_H9_a_path_that_is_no_text_is_shown_escaped() -> None:
    path = Path(os.fsdecode(b"/hot/\xff\n.jpg"))
    assert shaped(record(path), path, "done")["path"] == "/hot/\\xff\\n.jpg"
