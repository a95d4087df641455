"""The control socket takes requests from anyone who may, and is held up by nobody."""

import json
import os
import queue
import socket
import stat
import subprocess
import sys
import threading
import time

import pytest

from daemon.control import (
    ControlError,
    ControlSocket,
    Held,
    Limits,
    NobodyHome,
    ask,
    lock,
    owner,
)

PATIENT = Limits(request_s=5.0, stall_s=5.0)


@pytest.fixture
def inbox():
    return queue.Queue()


@pytest.fixture
def control(tmp_path, inbox):
    with ControlSocket(tmp_path, inbox.put, PATIENT) as control:
        yield control


def connected(state_dir):
    stream = socket.socket(socket.AF_UNIX)
    stream.settimeout(10)
    stream.connect(str(state_dir / "control.sock"))
    return stream


def everything(stream):
    with stream.makefile("rb") as lines:
        return [json.loads(line) for line in lines]


def wait_for(what):
    until = time.monotonic() + 10
    while not what():
        assert time.monotonic() < until
        time.sleep(0.005)


def test_answers_stream_until_the_end(tmp_path, control, inbox):
    answers = ask(tmp_path, {"do": "process", "paths": ["a b\n\udce9.jpg"]})
    asked = inbox.get(timeout=5)
    assert asked.request == {"do": "process", "paths": ["a b\n\udce9.jpg"]}
    asked.reply.send({"path": "\udce9", "state": "done"})
    assert next(answers) == {"path": "\udce9", "state": "done"}
    asked.reply.end(1)
    asked.reply.send({"too": "late"})
    assert list(answers) == [{"end": True, "exit": 1}]


def test_nobody_home(tmp_path):
    with pytest.raises(NobodyHome, match="no captiond runs here"):
        ask(tmp_path, {})
    with pytest.raises(NobodyHome):
        ask(tmp_path / "nowhere", {})


def test_a_stale_socket_is_nobody_and_in_nobodys_way(tmp_path, inbox):
    left_over = socket.socket(socket.AF_UNIX)
    left_over.bind(str(tmp_path / "control.sock"))
    left_over.close()
    with pytest.raises(NobodyHome):
        ask(tmp_path, {})
    with ControlSocket(tmp_path, inbox.put):
        answers = ask(tmp_path, {"do": "status"})
        inbox.get(timeout=5).reply.end(0)
        assert list(answers) == [{"end": True, "exit": 0}]
    assert not (tmp_path / "control.sock").exists()


def test_the_socket_is_for_owner_and_group(tmp_path, control):
    assert stat.S_IMODE((tmp_path / "control.sock").stat().st_mode) == 0o660


def test_who_may_not_ask_is_told_how(tmp_path, control):
    outsider = """if True:
        import os, pathlib, sys
        from daemon.control import ControlError, ask
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        try:
            ask(pathlib.Path(sys.argv[1]), {})
        except ControlError as error:
            print(error)
    """
    (tmp_path / "control.sock").chmod(0)
    told = subprocess.run(
        [sys.executable, "-c", outsider, str(tmp_path)], capture_output=True, text=True
    )
    assert "usermod -aG captiond" in told.stdout, told.stderr


@pytest.mark.parametrize(
    "garbage",
    [
        b"\n",
        b"hello\n",
        b"[1]\n",
        b"\xff\xfe\n",
        b'{"a":',
        b"[" * 100_000 + b"\n",
        b"\0" * 99 + b"\n",
    ],
)
def test_garbage_is_refused_and_delivered_to_nobody(tmp_path, control, inbox, garbage):
    with connected(tmp_path) as stream:
        stream.sendall(garbage)
        stream.shutdown(socket.SHUT_WR)
        refusal, end = everything(stream)
    assert refusal["error"]["reason"] == "usage"
    assert refusal["error"]["message"]
    assert end == {"end": True, "exit": 2}
    assert inbox.empty()


def test_a_request_in_pieces_without_a_line_end_is_one(tmp_path, control, inbox):
    with connected(tmp_path) as stream:
        for piece in (b'{"do"', b': "st', b'atus"}'):
            stream.sendall(piece)
            time.sleep(0.02)
        stream.shutdown(socket.SHUT_WR)
        asked = inbox.get(timeout=5)
        assert asked.request == {"do": "status"}
        assert not asked.reply.gone, "who only stopped writing still reads"
        asked.reply.end(0)
        assert everything(stream) == [{"end": True, "exit": 0}]


def test_too_long_a_request_is_cut_short(tmp_path, control, inbox):
    with connected(tmp_path) as stream, pytest.raises((BrokenPipeError, ConnectionResetError)):
        for _ in range(64):
            stream.sendall(b"x" * 2**16)
    with pytest.raises(ControlError, match="in parts"):
        ask(tmp_path, {"paths": ["x" * 2**20]})
    assert inbox.empty()
    assert control.alive


def test_a_client_that_sends_nothing_is_dropped(tmp_path, inbox):
    with ControlSocket(tmp_path, inbox.put, Limits(request_s=0.1)), connected(tmp_path) as stream:
        assert everything(stream) == []


def test_a_client_that_has_left_is_gone(tmp_path, control, inbox):
    stream = connected(tmp_path)
    stream.sendall(b"{}\n")
    asked = inbox.get(timeout=5)
    assert not asked.reply.gone
    stream.close()
    wait_for(lambda: asked.reply.gone)
    asked.reply.send({"to": "nobody"})
    asked.reply.end(0)


def test_sending_never_waits_and_who_reads_nothing_is_dropped(tmp_path, inbox):
    limits = Limits(backlog_bytes=2**20)
    with ControlSocket(tmp_path, inbox.put, limits), connected(tmp_path) as stream:
        stream.sendall(b"{}\n")
        reply = inbox.get(timeout=5).reply
        began = time.monotonic()
        for _ in range(3000):
            reply.send({"line": "x" * 1000})
        assert time.monotonic() - began < 1
        assert reply.gone


def test_who_stalls_is_dropped_in_the_end(tmp_path, inbox):
    with ControlSocket(tmp_path, inbox.put, Limits(stall_s=0.2)), connected(tmp_path) as stream:
        stream.sendall(b"{}\n")
        reply = inbox.get(timeout=5).reply
        reply.send({"line": "x" * 2**20})
        wait_for(lambda: reply.gone)


def test_who_reads_slowly_gets_everything(tmp_path, control, inbox):
    answers = ask(tmp_path, {})
    reply = inbox.get(timeout=5).reply
    for number in range(400):
        reply.send({"number": number, "line": "x" * 10_000})
    reply.end(0)
    got = []
    for answer in answers:
        got.append(answer.get("number"))
        time.sleep(0.0005)
    assert got == [*range(400), None]


def test_a_hundred_clients_at_once_with_room_for_eight(tmp_path, inbox):
    results = queue.Queue()

    def client(number):
        results.put((number, list(ask(tmp_path, {"number": number}))))

    with ControlSocket(tmp_path, inbox.put, Limits(clients=8)):
        clients = [threading.Thread(target=client, args=(n,)) for n in range(100)]
        for thread in clients:
            thread.start()
        for _ in clients:
            asked = inbox.get(timeout=10)
            asked.reply.send({"echo": asked.request["number"]})
            asked.reply.end(0)
        for thread in clients:
            thread.join(10)
    answered = dict(results.get(timeout=1) for _ in clients)
    assert answered == {n: [{"echo": n}, {"end": True, "exit": 0}] for n in range(100)}


def test_the_last_words_are_heard_and_the_rest_is_cut_off(tmp_path, inbox):
    with ControlSocket(tmp_path, inbox.put):
        told, cut = ask(tmp_path, {"n": 1}), ask(tmp_path, {"n": 2})
        for _ in range(2):
            asked = inbox.get(timeout=5)
            asked.reply.send({"n": asked.request["n"]})
            if asked.request["n"] == 1:
                asked.reply.end(0)
    assert list(told) == [{"n": 1}, {"end": True, "exit": 0}]
    with pytest.raises(ControlError, match="stopped before it had answered"):
        list(cut)


def test_a_client_that_never_reads_does_not_hold_up_the_end(tmp_path, inbox):
    with ControlSocket(tmp_path, inbox.put), connected(tmp_path) as stream:
        stream.sendall(b"{}\n")
        asked = inbox.get(timeout=5)
        asked.reply.send({"line": "x" * 2**22})
        asked.reply.end(0)
        began = time.monotonic()
    assert time.monotonic() - began < 3


def test_a_state_folder_with_a_very_long_name(tmp_path, inbox):
    deep = tmp_path / ("long" * 40) / ("name" * 40)
    deep.mkdir(parents=True)
    with pytest.raises(NobodyHome):
        ask(deep, {})
    with ControlSocket(deep, inbox.put):
        answers = ask(deep, {})
        inbox.get(timeout=5).reply.end(0)
        assert list(answers) == [{"end": True, "exit": 0}]
    assert list(deep.iterdir()) == []


def test_P7_waiting_costs_nothing(tmp_path, control, inbox):
    stream = connected(tmp_path)
    stream.sendall(b"{}\n")
    stream.shutdown(socket.SHUT_WR)
    asked = inbox.get(timeout=5)
    before = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - before < 0.05
    asked.reply.end(0)
    stream.close()


HOLDER = """if True:
    import pathlib, sys
    from daemon.control import lock
    with lock(pathlib.Path(sys.argv[1])):
        print("held", flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.stdin.close()


def test_D7_the_second_one_is_refused_and_told_by_whom(tmp_path, holder):
    with pytest.raises(Held) as refused, lock(tmp_path):
        pass
    assert refused.value.pid == holder.pid == owner(tmp_path)
    assert f"pid {holder.pid}" in str(refused.value)


def test_D7_a_killed_holder_leaves_no_lock(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert owner(tmp_path) is None
    with lock(tmp_path):
        assert owner(tmp_path) == os.getpid()
    with lock(tmp_path):
        pass


def test_D7_asking_for_the_owner_refuses_nobody(tmp_path):
    assert owner(tmp_path / "nowhere") is None
    stop = threading.Event()

    def curious():
        while not stop.is_set():
            owner(tmp_path)
            time.sleep(0.001)

    thread = threading.Thread(target=curious)
    thread.start()
    try:
        for _ in range(50):
            with lock(tmp_path):
                pass
    finally:
        stop.set()
        thread.join()


def test_a_state_folder_that_cannot_be_made_says_so(tmp_path, inbox):
    (tmp_path / "file").touch()
    with pytest.raises(ControlError, match="choose another state_dir"), lock(tmp_path / "file"):
        pass
    with pytest.raises(ControlError, match="socket cannot be made"):
        ControlSocket(tmp_path / "nowhere", inbox.put).__enter__()
