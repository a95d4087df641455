"""How long to train and how fast: minutes, warm-up, a cosine down, a line of news at times."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

FLOOR = 0.02


@dataclass(slots=True)
class Schedule:
    """Yield steps until *minutes* are over; *rate* is the learning rate of the step at hand."""

    minutes: float
    peak: float
    warm_up: int = 60
    step: int = 0
    began: float = field(default_factory=time.monotonic)
    cpu_began: float = field(default_factory=time.process_time)

    def __iter__(self) -> Iterator[int]:
        while self.done < 1:
            yield self.step
            self.step += 1

    @property
    def done(self) -> float:
        """Say which share of the time is over."""
        return (time.monotonic() - self.began) / 60 / self.minutes

    @property
    def rate(self) -> float:
        """Say the learning rate of now."""
        falling = 0.5 * (1 + math.cos(math.pi * min(1, self.done)))
        return self.peak * min(1, (self.step + 1) / self.warm_up) * max(FLOOR, falling)

    def news(self, **said: object) -> None:
        """Print one line: the step, the time, and what else there is to say."""
        wall = (time.monotonic() - self.began) / 60
        cpu = (time.process_time() - self.cpu_began) / 60
        told = " ".join(f"{name} {value}" for name, value in said.items())
        print(f"step {self.step} wall {wall:.1f} cpu {cpu:.1f} min {told}", flush=True)
