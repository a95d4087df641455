"""Which models an engine process has, which are slow to change, what it does not try again."""

from pathlib import Path

import pytest
import scripted_engine

from daemon.engines import DeviceLost
from daemon.host.buckets import Duty
from daemon.host.hosting import AGAIN_S, LOADING_S, Hosting
from daemon.host.wall import Fault
from daemon.wire import HostSetup

NLLB = Duty(scripted_engine.installed("nllb"), "renders")


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0
        self.beats: list[tuple[str, float]] = []

    def __call__(self) -> float:
        return self.now

    def beat(self, doing: str, patience_s: float = 60.0) -> None:
        """Note it; a model that is slow to load takes a second for each sign of life."""
        self.now += doing == "being slow"
        self.beats.append((doing, patience_s))


@pytest.fixture
def clock() -> Clock:
    return Clock()


def hosting(folder: Path, clock: Clock, device: str = "cpu") -> Hosting:
    setup = HostSetup(folder, folder, device, scripted_engine.models())
    return Hosting(lambda: scripted_engine.open_engine(setup), clock.beat, clock)


def asked(name: str) -> Duty:
    return Duty(scripted_engine.installed(name))


def loads(folder: Path) -> list[str]:
    return [event["model"] for event in scripted_engine.events(folder, "load")]


def test_what_could_not_be_loaded_is_tried_again_after_a_minute(
    tmp_path: Path, clock: Clock
) -> None:
    models, duty = hosting(tmp_path, clock), asked("missing once:a")
    for _ in range(3):
        fault = models.asker(duty)
        assert isinstance(fault, Fault) and fault.lasting
        assert fault.reason is None
    assert len(loads(tmp_path)) == 1
    clock.now += AGAIN_S
    assert not isinstance(models.asker(duty), Fault), "somebody has mended it"
    assert len(loads(tmp_path)) == 2


def test_loading_is_announced_and_what_is_loaded_is_not(tmp_path: Path, clock: Clock) -> None:
    models, duty = hosting(tmp_path, clock), asked("image")
    models.asker(duty)
    assert clock.beats == [("loading image@1", LOADING_S)]
    assert models.is_at_hand(duty)
    models.asker(duty)
    assert len(clock.beats) == 1
    assert models.loaded == 1


def test_models_that_push_each_other_out_are_found_out(tmp_path: Path, clock: Clock) -> None:
    models, slow = hosting(tmp_path, clock, "small"), asked("slow:0.05")
    models.asker(slow)
    models.translator(NLLB)
    assert not models.dear, "nothing speaks for it yet"
    models.asker(slow)
    assert models.dear
    assert models.loaded == 3
    assert not models.is_at_hand(NLLB)


def test_models_that_fit_beside_each_other_are_not_dear(tmp_path: Path, clock: Clock) -> None:
    models, slow = hosting(tmp_path, clock), asked("slow:0.05")
    for _ in range(3):
        models.asker(slow)
        models.translator(NLLB)
    assert not models.dear
    assert loads(tmp_path) == ["slow:0.05", "nllb"]


def test_without_room_for_a_model_others_have_to_go_first(tmp_path: Path, clock: Clock) -> None:
    models = hosting(tmp_path, clock)
    models.translator(NLLB)
    assert not isinstance(models.asker(asked("oom once:b")), Fault)
    assert len(scripted_engine.events(tmp_path, "make_room")) == 1


def test_a_device_lost_while_loading_is_lost(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(DeviceLost):
        hosting(tmp_path, clock).asker(asked("cuda"))
