"""What the daemon believes of a worker: nothing that is about another file."""

from dataclasses import replace
from pathlib import Path

import msgspec
import planted
import pytest

from daemon.wire import Answer, Failure, Identify, Place, Prepare, Read, Request, Strip, pack
from daemon.workers.answers import read_answer
from metadata.change import Change, Ours, Placed, Prepared, Rules
from metadata.description import Description, Record

HERE, ELSEWHERE = Path("/hot/a.jpg"), Path("/etc/a.jpg")
ASSET = planted.asset_at(HERE)
OTHER = planted.asset_at(ELSEWHERE)
RECORD = Record(ASSET, Description())
SIDECAR = Path("/hot/a.jpg.xmp")
CHANGE = Change(SIDECAR, None, None, None, None, None, Ours())
PREPARE = Prepare(ASSET, Description(), Rules(), Ours())
STRIP = Strip(ASSET, SIDECAR, Ours(), (), Rules())


def to_another(target: str) -> Change:
    return replace(CHANGE, target=Path(target))


HONEST: list[tuple[Request, object]] = [
    (Identify(HERE, 1), ASSET),
    (Read(ASSET, Rules()), RECORD),
    (PREPARE, Prepared((CHANGE, to_another("/hot/a.jpg")), RECORD)),
    (PREPARE, Prepared((), RECORD)),
    (STRIP, Prepared((CHANGE,), RECORD)),
    (Place(CHANGE), Placed(SIDECAR, None)),
]
LYING: list[tuple[Request, object]] = [
    (Identify(HERE, 1), OTHER),
    (Read(ASSET, Rules()), Record(OTHER, Description())),
    (PREPARE, Prepared((CHANGE, to_another("/etc/cron.d/a.xmp")), RECORD)),
    (PREPARE, Prepared((), Record(OTHER, Description()))),
    (STRIP, Prepared((to_another("/hot/b.jpg.xmp"),), RECORD)),
    (Place(CHANGE), Placed(ELSEWHERE, None)),
]


def sent(value: object) -> bytes:
    return pack(Answer(None, msgspec.Raw(pack(value))))


@pytest.mark.parametrize("request_, value", HONEST)
def test_what_was_asked_for_is_believed(request_: Request, value: object) -> None:
    assert read_answer(request_, sent(value)) == value


@pytest.mark.parametrize("request_, value", LYING)
def test_P6_an_answer_cannot_choose_another_file(request_: Request, value: object) -> None:
    with pytest.raises(ValueError, match="about another file"):
        read_answer(request_, sent(value))


def test_P6_a_reason_must_be_one_of_ours() -> None:
    for reason in ("NOT_MEDIA", None):
        failure = Failure(reason, "why")
        frame = pack(Answer(failure, msgspec.Raw(pack(None))))
        assert read_answer(Identify(HERE, 1), frame) == failure
    made_up = pack(Answer(Failure("__class__", ""), msgspec.Raw(pack(None))))
    with pytest.raises(ValueError, match="no reason '__class__'"):
        read_answer(Identify(HERE, 1), made_up)


def test_an_answer_of_another_shape_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        read_answer(Identify(HERE, 1), sent(RECORD))
