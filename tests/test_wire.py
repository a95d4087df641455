"""The messages between daemon and worker: everything comes through, nonsense is refused."""

import io
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from daemon.engines.profiles import Installed, Model, Models
from daemon.framing import LARGEST_FRAME, cut, framed, pack, receive, send, unpack
from daemon.wire import (
    ANSWERS,
    Answer,
    Compare,
    Consult,
    Consulted,
    Described,
    Failure,
    HostSetup,
    Identify,
    Listen,
    Listened,
    Measure,
    Numbered,
    Observe,
    Place,
    Prepare,
    Question,
    Read,
    ReadText,
    Ready,
    Render,
    Rendered,
    Reply,
    Request,
    Say,
    Setup,
    Sheets,
    Sound,
    Stretch,
    Strip,
    Told,
    Transcribe,
    Transcribed,
    Views,
)
from metadata.asset import Asset, MediaKind, Stat
from metadata.change import Change, Ours, Placed, Prepared, Rules, Write
from metadata.description import (
    Description,
    Fact,
    Look,
    Provenance,
    Record,
    Spoken,
    Stamp,
    Tag,
    Video,
    Written,
)
from metadata.difference import Difference
from metadata.stats import Tokens

STRANGE = Path(os.fsdecode(b"in box/-\xff\n'\xd7\x90.jpg"))
STAT = Stat(1, 2**63, 3, 2**62, -5)
ASSET = Asset(
    path=STRANGE, kind=MediaKind.VIDEO, format="mp4", content="sha256:00", stat=STAT,
    width=3, height=2, duration_s=1.5, latitude=-12.5, companion="a.mov",
)  # fmt: skip
SAID = Description(
    caption={"en": "A “red” note", "hi": "लाल"},
    tags=(Tag("red", "builtin", {"es": "rojo"}),),
    look=Look(facts=(Fact("dark", False, "measured", 0.9), Fact("iso", 100, "metadata"))),
    video=Video(25.0, True, 2, (0.5,)),
    provenance={"caption": Provenance("builtin", "builtin@0", None, "2024", "r1")},
)
OURS = Ours(tags=("red",), caption="A note")
CHANGE = Change(STRANGE, STAT, Path("/scratch/1"), b"\x00\xff", "ab", None, OURS)
RECORD = Record(ASSET, SAID, (Written("sidecar", "a.xmp"),))
STAMP = Stamp("r1", "2024-01-01T00:00:00Z")

CONSULT = Consult(
    ASSET,
    Sheets(STRANGE, ((2, 1), (2, 1)), (0.0, 1.5), (100, 190)),
    (Question("tags", "What?", 300, "An archive.", "tags", ("red",)),),
    again=True,
)
SOUND = Sound(Path("/s/2"), (Stretch(1.25, 16_000), Stretch(40.0, 480_000)))

MESSAGES = [
    Identify(STRANGE, 100),
    Observe(ASSET, STAMP, 100, ("blurry:true",), hand_over=True, views=Views(560, 8, True)),
    ReadText(ASSET, SAID, Sheets(Path("/s/1"), ((2, 1),), (0.5,)), STAMP),
    Listen(ASSET, 600.0),
    Transcribe(ASSET, SOUND, "de"),
    CONSULT,
    Render(ASSET, ("A note.",), {"hi": ("red",)}, ("es", "hi")),
    Say(ASSET, SAID, ("caption",), ("es", "hi"), STAMP),
    Read(ASSET, Rules()),
    Prepare(ASSET, SAID, Rules(write=Write.BOTH), OURS),
    Place(CHANGE),
    Strip(ASSET, STRANGE, OURS, ("tags",), Rules()),
    Compare(None, STRANGE, STRANGE),
]
ANSWERED = [
    ASSET,
    Described(SAID, {"decode": 0.1}, Sheets(Path("/s/1"), ((2, 1),)), tokens=Tokens(9, 7)),
    Consulted((Reply("caption", "Una nota “roja”\n\x1b", 7, False),), {"ask": 0.5}, Tokens(3, 7)),
    Listened(SOUND, 700.0, ((1.25, 2.25),), {"listen": 0.1}),
    Transcribed((Spoken(1.25, 2.25, "de", "Ja."),), "de", {"transcribe": 0.5}),
    Rendered(({"es": "Una nota."},), {"hi": {"red": "लाल"}}, {}),
    RECORD,
    Prepared((CHANGE,), RECORD),
    Placed(STRANGE, None),
    Difference(("- XMP-dc:Subject: \x1b\n",)),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: type(m).__name__)
def test_every_request_comes_through(message: Any) -> None:
    assert unpack(pack(message), Request) == message  # type: ignore[arg-type]


@pytest.mark.parametrize("answer", ANSWERED, ids=lambda a: type(a).__name__)
def test_every_answer_comes_through(answer: Any) -> None:
    sent = pack(Answer(None, msgspec.Raw(pack(answer))))
    assert unpack(unpack(sent, Answer).value, type(answer)) == answer


def test_the_first_words_come_through() -> None:
    setup = Setup(STRANGE, (STRANGE,), "exiftool")
    ready = Ready((Measure("no network", False, "why"),))
    assert unpack(pack(setup), Setup) == setup
    assert unpack(pack(ready), Ready) == ready


def test_what_is_said_to_and_by_an_engine_process_comes_through() -> None:
    models = Models(image=Installed(Model(name="a/b", quantization="nf4"), STRANGE, "a/b@1"))
    setup = HostSetup(STRANGE, STRANGE, "cuda:0", models, threads=2)
    answer = Answer(None, msgspec.Raw(pack(ANSWERED[2])))
    assert unpack(pack(setup), HostSetup) == setup
    assert unpack(pack(Numbered(7, CONSULT)), Numbered) == Numbered(7, CONSULT)
    told = unpack(pack(Told(7, answer, "asking", 9.5)), Told)
    assert (told.number, told.doing, told.patience_s) == (7, "asking", 9.5)
    assert told.answer and unpack(told.answer.value, Consulted) == ANSWERED[2]


def test_every_request_has_an_answer() -> None:
    assert set(ANSWERS) == {type(message) for message in MESSAGES}
    assert set(ANSWERS.values()) == {type(answer) for answer in ANSWERED}


@pytest.mark.parametrize("value", [None, 7, {}, {"path": "x"}, [1], ASSET])
def test_an_answer_of_another_shape_is_refused(value: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        unpack(msgspec.Raw(pack(value)), Placed)


def test_what_is_no_value_of_ours_is_not_sent() -> None:
    with pytest.raises(TypeError, match="object cannot be sent"):
        pack(object())


@given(some.binary(max_size=200))
def test_garbage_raises_nothing_but_decode_errors(garbage: bytes) -> None:
    for shape in (Answer, Asset, Record, Prepared):
        with pytest.raises((msgspec.DecodeError, ValueError)):
            unpack(garbage, shape)


@given(some.sampled_from(ANSWERED), some.integers(0, 10_000), some.integers(0, 255))
def test_H5_a_flipped_byte_raises_nothing_else(answer: Any, at: int, byte: int) -> None:
    data = bytearray(pack(answer))
    data[at % len(data)] = byte
    try:
        unpack(bytes(data), type(answer))
    except (msgspec.DecodeError, ValueError):
        return


def test_frames_are_cut_wherever_the_pipe_broke_them() -> None:
    sent = framed(b"one") + framed(b"") + framed(b"three")
    received, frames = bytearray(), []
    for byte in sent:
        received.append(byte)
        while (frame := cut(received)) is not None:
            frames.append(frame)
    assert frames == [b"one", b"", b"three"]
    assert not received


def test_a_length_that_no_frame_has_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        cut(bytearray((LARGEST_FRAME + 1).to_bytes(4, "big")))
    with pytest.raises(ValueError, match="more than"):
        receive(io.BytesIO(b"\xff\xff\xff\xff"))


def test_a_stream_ends_between_or_in_frames() -> None:
    stream = io.BytesIO()
    send(stream, pack(Failure(None, "no ExifTool")))
    whole = stream.getvalue()
    received = receive(io.BytesIO(whole))
    assert received is not None
    assert unpack(received, Failure) == Failure(None, "no ExifTool")
    for end in (0, 3, len(whole) - 1):
        assert receive(io.BytesIO(whole[:end])) is None
