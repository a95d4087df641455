"""What a worker sent back, read as by someone who believes nothing: a decoder may be hijacked."""

from daemon.framing import unpack
from daemon.media.frames import SAMPLE_RATE
from daemon.wire import (
    ANSWERS,
    Answer,
    Compare,
    Consult,
    Consulted,
    Described,
    Failure,
    Identify,
    Place,
    Prepare,
    Read,
    Render,
    Rendered,
    Request,
    Strip,
    Transcribe,
    Transcribed,
)
from metadata.asset import Asset
from metadata.change import Placed, Prepared
from metadata.description import Record
from metadata.difference import Difference
from metadata.reasons import Reason

_ROUNDED_S = 0.01
Answered = (
    Asset | Described | Consulted | Rendered | Transcribed | Record | Prepared | Placed | Difference
)


def read_answer(request: Request, frame: bytes) -> Answered | Failure:
    """Read the answer to *request*; raises what take_answer raises."""
    return take_answer(request, unpack(frame, Answer))


def take_answer(request: Request, answer: Answer) -> Answered | Failure:
    """Take what *answer* says to *request*.

    Raises msgspec.DecodeError or ValueError when it has another shape, names a reason that does
    not exist, or speaks of other files than were asked about.
    """
    if answer.failure is None:
        value: Answered = unpack(answer.value, ANSWERS[type(request)])
        if not _is_about(request, value):
            raise ValueError("it is about another file")
        return value
    if answer.failure.reason not in (None, *Reason.__members__):
        raise ValueError(f"there is no reason {answer.failure.reason!r}")
    return answer.failure


def _is_about(request: Request, answer: Answered) -> bool:
    """Tell whether *answer* keeps to the file that *request* names, and changes only beside it."""
    match request, answer:
        case Identify(), Asset():
            return answer.path == request.path
        case Place(), Placed():
            return answer.target == request.change.target
        case Read(), Record():
            return answer.asset.path == request.asset.path
        case Strip(), Prepared():
            targets = {change.target for change in answer.changes}
            return answer.record.asset.path == request.asset.path and targets <= {request.target}
        case Prepare(), Prepared():
            folders = {change.target.parent for change in answer.changes}
            path = request.asset.path
            return answer.record.asset.path == path and folders <= {path.parent}
    return _is_whole(request, answer)


def _is_whole(request: Request, answer: Answered) -> bool:
    """Tell whether *answer* has as much as was asked for, and nothing else."""
    match request, answer:
        case Consult(), Consulted():
            asked = [question.task for question in request.questions]
            return [reply.task for reply in answer.replies] == asked
        case Transcribe(), Transcribed():
            return _was_heard(request, answer)
        case Render(), Rendered():
            return len(answer.texts) == len(request.texts)
        case Compare(), Difference():
            # they go to a terminal as they are
            return all(map(str.isprintable, answer.lines))
    return True


def _was_heard(asked: Transcribe, answer: Transcribed) -> bool:
    """Tell whether every line lies between the first and the last moment of the sound."""
    stretches = asked.sound.stretches
    begin_s = min((each.start_s for each in stretches), default=0.0) - _ROUNDED_S
    ends = [each.start_s + each.samples / SAMPLE_RATE for each in stretches]
    end_s = max(ends, default=0.0) + _ROUNDED_S
    return all(begin_s <= line.start_s <= line.end_s <= end_s for line in answer.lines)
