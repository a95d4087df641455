"""What a short-lived process tells of the devices that models can run on; looks at nothing."""

from typing import Protocol

import msgspec


class Device(msgspec.Struct, frozen=True):
    """A GPU by the *name* that torch has for it; memory in bytes, *fault* when it does not work."""

    name: str
    title: str
    total: int
    free: int
    capability: float = 0.0
    fault: str = ""


class Machine(msgspec.Struct, frozen=True):
    """What there is to run models with; *fault* says why torch or transformers cannot be loaded.

    *flash* is the version of flash-attn, *torchvision* what is wrong with it where it is installed.
    """

    devices: tuple[Device, ...] = ()
    torch: str = ""
    transformers: str = ""
    flash: str = ""
    torchvision: str = ""
    fault: str = ""

    @property
    def working(self) -> tuple[Device, ...]:
        """List the GPUs that compute."""
        return tuple(device for device in self.devices if not device.fault)


class Look(Protocol):
    """What can look at the machine when somebody needs to know."""

    def __call__(self) -> Machine:
        """Find out which devices there are; takes seconds where there is a GPU."""


def unseen() -> Machine:
    """Look at nothing, where an answer has to come at once."""
    return Machine()
