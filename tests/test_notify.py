"""systemd hears what it should, in its own words, and nothing else."""

import socket

import pytest

from daemon.notify import Notifier, Pulse


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path):
    address = str(tmp_path / "notify") if request.param == "path" else f"\0captiond-{tmp_path}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address)
        listener.settimeout(5)
        yield listener, address.replace("\0", "@")


def test_every_message_arrives(manager):
    listener, address = manager
    notifier = Notifier.from_environment({"NOTIFY_SOCKET": address})
    assert notifier.ready("3 folders")
    assert listener.recv(4096) == b"READY=1\nSTATUS=3 folders"
    assert notifier.status("12 waiting")
    assert listener.recv(4096) == b"STATUS=12 waiting"
    assert notifier.ping()
    assert listener.recv(4096) == b"WATCHDOG=1"
    assert notifier.lost()
    assert listener.recv(4096) == b"WATCHDOG=trigger"
    assert notifier.stopping()
    assert listener.recv(4096) == b"STOPPING=1\nSTATUS=stopping"


def test_H9_a_file_name_cannot_become_a_message(manager):
    listener, address = manager
    Notifier.from_environment({"NOTIFY_SOCKET": address}).status("a\nSTOPPING=1\r\nb\udce9\x0b.jpg")
    told = listener.recv(4096)
    assert told == b"STATUS=a STOPPING=1 b\\udce9 .jpg"


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "vsock:2:1"}])
def test_nobody_listens_outside_systemd(environment):
    notifier = Notifier.from_environment(environment)
    assert not notifier.ready()
    assert not notifier.ping()
    assert notifier.watchdog_s is None


def test_a_manager_that_has_gone_stops_nobody(tmp_path):
    notifier = Notifier.from_environment({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    assert not notifier.ready()
    too_long = Notifier.from_environment({"NOTIFY_SOCKET": "/" + "x" * 200})
    assert not too_long.ready()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"WATCHDOG_USEC": "60000000"}, 60.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "7"}, 60.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_ours_only_when_it_names_us(told, expected):
    notifier = Notifier.from_environment({"NOTIFY_SOCKET": "/x", **told}, pid=7)
    assert notifier.watchdog_s == expected


def test_M9_one_silent_loop_stops_the_pings(manager):
    listener, address = manager
    now = [0.0]
    pulse = Pulse(
        Notifier.from_environment({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "60000000"}),
        ("wheel", "watch"),
        clock=lambda: now[0],
    )
    assert pulse.every_s == 20.0
    pulse.beat("wheel")
    pulse.beat("watch")
    assert not pulse.ping(), "too early: pings at every turn would burden the manager"
    now[0] = 20.0
    assert pulse.ping()
    assert listener.recv(4096) == b"WATCHDOG=1"
    now[0] = 40.0
    pulse.beat("wheel")
    assert not pulse.ping()
    assert pulse.silent == {"watch"}
    pulse.beat("watch")
    assert pulse.ping()


def test_no_pulse_without_a_watchdog():
    pulse = Pulse(Notifier(), ("wheel",), clock=lambda: 1e9)
    pulse.beat("wheel")
    assert pulse.every_s is None
    assert not pulse.ping()
