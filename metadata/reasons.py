"""Every reason for which a file is not done: the state it leads to, and what a person can do."""

from enum import Enum, StrEnum


class State(StrEnum):
    """Where a file stands; the names are part of the JSON contract."""

    SETTLING = "settling"
    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    OFFLINE = "offline"
    INCOMPLETE = "incomplete"
    SKIPPED = "skipped"


class Reason(Enum):
    """A reason by name: (state it leads to, message, hint)."""

    EMPTY = (
        State.INCOMPLETE,
        "the file is empty",
        "copy it again; it is looked at again as soon as it changes",
    )
    TRUNCATED = (
        State.INCOMPLETE,
        "the file ends too early",
        "copy it again; it is looked at again as soon as it changes",
    )
    NOT_MEDIA = (
        State.FAILED,
        "this is not a picture or a video",
        "look at what the file really is, or exclude it with folders.exclude",
    )
    UNSUPPORTED = (
        State.FAILED,
        "this format cannot be decoded",
        "convert it, or exclude it with folders.exclude; docs/formats.md lists what can be read",
    )
    DAMAGED = (
        State.FAILED,
        "the picture data cannot be decoded",
        "restore the file from a backup, then run `captiond retry PATH`",
    )
    NO_FRAMES = (
        State.FAILED,
        "the video holds no picture that can be decoded",
        "check that it plays, then run `captiond retry PATH`",
    )
    TOO_LARGE = (
        State.FAILED,
        "the picture has more pixels than max_pixels allows",
        "raise max_pixels in the configuration, then run `captiond retry PATH`",
    )
    NO_PERMISSION = (
        State.FAILED,
        "permission denied",
        "let the user that captiond runs as read the file and write in its folder; "
        "it is tried again at the next rescan",
    )
    READ_ONLY = (
        State.FAILED,
        "described, but the folder cannot be written",
        'make the folder writable, or set write = "none" for it; the description is kept',
    )
    SIDECAR_INVALID = (
        State.FAILED,
        "the sidecar beside the file is not valid XMP, so it was left alone",
        "repair or move the sidecar; it is tried again as soon as that changes",
    )
    SEALED = (
        State.FAILED,
        "what captiond wrote into the file stays there, as the file may not be changed",
        "mend what is said above, then undo it again",
    )
    CRASHED = (
        State.QUARANTINED,
        "what worked on this file crashed three times",
        "the file is probably damaged; repair it, then run `captiond retry PATH`",
    )
    TIMED_OUT = (
        State.QUARANTINED,
        "working on this file took too long three times",
        "the file is probably damaged; repair it, then run `captiond retry PATH`",
    )
    OUT_OF_MEMORY = (
        State.QUARANTINED,
        "this file needed too much memory three times",
        "make it smaller, or lower max_pixels, then run `captiond retry PATH`",
    )
    NO_ANSWER = (
        State.FAILED,
        "the model gave no usable answer",
        "run `captiond retry PATH`, or take another model or prompt; "
        "the log says what was wrong with the answer",
    )
    DISK_FULL = (
        State.PENDING,
        "the disk is full",
        "free some space; captiond goes on by itself",
    )
    BUSY = (
        State.PENDING,
        "another program kept changing the sidecar",
        "nothing to do; it is tried again",
    )
    CHANGED = (
        State.PENDING,
        "the file changed while it was being described",
        "nothing to do; it is described again when it has settled",
    )
    TWIN = (
        State.PENDING,
        "a copy of this file is being described",
        "nothing to do; it gets the same description",
    )
    ENGINE_DOWN = (
        State.PENDING,
        "the engine is not ready",
        "run `captiond doctor`; captiond goes on by itself when it is",
    )
    FOLDER_OFFLINE = (
        State.OFFLINE,
        "the hot folder is not there",
        "mount it or connect the disk; nothing is deleted meanwhile",
    )
    UNDONE = (
        State.SKIPPED,
        "what captiond wrote was taken back",
        "run `captiond redo PATH` to have it described again",
    )
    VANISHED = (
        State.SKIPPED,
        "the file is gone",
        "nothing to do",
    )

    def __init__(self, state: State, message: str, hint: str) -> None:
        self.state = state
        self.message = message
        self.hint = hint

    @property
    def code(self) -> str:
        """Give the name used in JSON, such as ``truncated``."""
        return self.name.lower()
