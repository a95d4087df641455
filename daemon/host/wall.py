"""The one place in an engine process where errors stop; what is known of them afterwards."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from daemon.engines import DeviceLost, EngineError, EngineMissing, OutOfMemory
from metadata.asset import AssetError
from metadata.reasons import Reason

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something was not done: a *reason* where the file is to blame for sure, else none.

    It was for want of *memory*, or an error that nobody *foresaw*, which may be the file's fault
    as well; else the machine's, until somebody mends it where *lasting*. It holds no exception:
    that keeps the tensors of a failed batch where there is no room for the next.
    """

    detail: str
    reason: Reason | None = None
    memory: bool = False
    foreseen: bool = True
    lasting: bool = False


def attempt(work: Callable[[], T]) -> T | Fault:
    """Do *work*, or tell why not; only a lost device goes on its way, as nothing works then."""
    try:
        return work()
    except DeviceLost:
        raise
    except AssetError as error:
        return Fault(error.detail, error.reason)
    except (OutOfMemory, MemoryError) as error:
        return Fault(str(error) or "memory ran out", memory=True)
    except EngineError as error:
        return Fault(str(error), lasting=isinstance(error, EngineMissing))
    except Exception as error:
        traceback.print_exc()
        return Fault(f"{type(error).__name__}: {error}", foreseen=False)
