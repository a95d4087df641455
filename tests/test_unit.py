"""systemd takes the units as they are meant, whatever the folders are called."""

import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.config import Config, EngineChoice, Folder
from daemon.endpoints import Endpoint
from daemon.toml_keys import ConfigError
from daemon.unit import Program, Scope, escaped, service_state, unit_text

PROGRAM = Program(Path("/bin/true"), (Path("/opt/captiond"), Path("/usr")))
STRANGE = (
    "/srv/a b",
    "/srv/50%done",
    '/srv/q"uo"te',
    "/srv/ap'os",
    "/srv/both\"'x",
    "/srv/back\\slash",
    "/srv/end\\",
    "/srv/co:lon",
    "/srv/ü नम\u202f",
    "/srv/$HOME ${x}",
    "/srv/semi;#x",
)

# the home of the superuser, which ProtectHome hides like any other
ROOTS = "/root"


def configured(*folders, **settings):
    settings = {"state_dir": Path("/var/lib/captiond"), **settings}
    return Config(folders=tuple(Folder(path=Path(f)) for f in folders), **settings)


def analyzed(*words, tmp_path, runtime=None):
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime or tmp_path)}
    done = subprocess.run(
        ["systemd-analyze", *words], capture_output=True, text=True, env=environment
    )
    return done.returncode, done.stdout + done.stderr


def verified(text, tmp_path, *words):
    unit = tmp_path / "captiond.service"
    unit.write_text(text)
    return analyzed("verify", *words, str(unit), tmp_path=tmp_path)


def exposure(text, tmp_path):
    unit = tmp_path / "captiond.service"
    unit.write_text(text)
    _, told = analyzed("security", "--offline=yes", str(unit), tmp_path=tmp_path)
    return float(re.search(r"exposure level for captiond.service: ([\d.]+)", told)[1])


def values(text, key):
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{key}=")]


def test_the_templates_are_valid_as_they_stand(tmp_path):
    assert verified(Scope.SYSTEM.template, tmp_path) == (0, "")
    assert verified(Scope.USER.template, tmp_path, "--user") == (0, "")
    assert exposure(Scope.SYSTEM.template, tmp_path) <= 1.5


@pytest.mark.parametrize(
    "config",
    [
        configured(),
        configured("/srv/hot", "/mnt/more"),
        configured(*STRANGE),
        configured("/home/ann/Pictures/in box", "/srv/hot"),
        configured("/tmp/hot"),
        configured("/srv/hot", state_dir=Path("/home/ann/.local/state/elsewhere")),
        configured("/srv/hot", state_dir=Path("/srv/captiond state")),
        configured("/srv/hot", source=Path("/home/ann/.config/captiond/50% $mine.toml")),
    ],
)
def test_a_written_unit_is_valid_and_closed(config, tmp_path):
    text = unit_text(config, Scope.SYSTEM, PROGRAM)
    assert verified(text, tmp_path) == (0, "")
    assert exposure(text, tmp_path) <= 1.5
    assert len([v for v in values(text, "ReadWritePaths") if "-/" in v]) == len(config.folders)
    assert verified(unit_text(config, Scope.USER, PROGRAM), tmp_path, "--user") == (0, "")


@pytest.mark.parametrize("key", ["ReadWritePaths", "BindPaths", "BindReadOnlyPaths"])
def test_H9_systemd_reads_every_name_as_it_is(key, tmp_path):
    # It names the path that it has read when that is not absolute.
    names = [name.removeprefix("/") for name in STRANGE]
    lines = "".join(f"{key}={escaped('-' + name)}\n" for name in names)
    _, told = verified(f"[Service]\nExecStart=/bin/true\n{lines}", tmp_path)
    assert [line.partition("ignoring: ")[2] for line in told.splitlines()] == names


@pytest.mark.parametrize("name", ["/srv/new\nline", "/srv/\udce9", "/srv/\x1b[31m"])
def test_H9_a_name_that_no_unit_can_hold_is_refused(name):
    with pytest.raises(ConfigError, match="cannot name this folder") as refused:
        unit_text(configured(name), Scope.SYSTEM, PROGRAM)
    assert str(refused.value).isprintable()


def test_graphics_cards_are_let_through_and_code_can_be_made_at_run_time():
    text = Scope.SYSTEM.template
    allowed = {value.split()[0] for value in values(text, "DeviceAllow")}
    assert {"char-nvidia", "char-nvidia-uvm", "char-drm", "char-kfd"} <= allowed
    for template in (text, Scope.USER.template):
        assert not values(template, "MemoryDenyWriteExecute"), "torch writes code and runs it"
        assert not values(template, "ProcSubset"), (
            "torch reads /proc/cpuinfo and the drivers' files"
        )
        assert not values(template, "PrivateDevices")


def test_a_line_break_cannot_add_a_setting():
    with pytest.raises(ConfigError):
        unit_text(configured(source=Path("/x\nUser=root")), Scope.SYSTEM, PROGRAM)


def test_the_unit_names_account_state_folders_and_program():
    config = configured("/srv/hot", "/mnt/more", source=Path("/etc/captiond/config.toml"))
    text = unit_text(config, Scope.SYSTEM, PROGRAM)
    assert values(text, "User") == values(text, "Group") == ["captiond"]
    assert values(text, "StateDirectory") == ["captiond"]
    assert values(text, "StateDirectoryMode") == ["0750"]
    assert values(text, "ReadWritePaths") == ["-/srv/hot", "-/mnt/more"]
    assert values(text, "ExecStart") == ["/bin/true --config /etc/captiond/config.toml run"]
    assert values(text, "ProtectHome") == ["yes"]
    assert values(text, "RestartPreventExitStatus") == ["2 75"]


def test_of_the_homes_only_what_is_needed_is_shown():
    config = configured("/home/ann/in", "/srv/hot", source=Path("/home/ann/captiond.toml"))
    program = Program(Path(ROOTS, "venv/bin/captiond"), (Path(ROOTS, "venv"), Path("/usr")))
    text = unit_text(config, Scope.SYSTEM, program)
    assert values(text, "ProtectHome") == ["tmpfs"]
    assert values(text, "BindPaths") == ["-/home/ann/in"]
    assert values(text, "BindReadOnlyPaths") == ["-/home/ann/captiond.toml", f"-{ROOTS}/venv"]


def test_folders_of_models_and_prompts_are_shown(tmp_path):
    mine, prompts = tmp_path / "model", tmp_path / "prompts"
    mine.mkdir()
    prompts.mkdir()
    engine = EngineChoice(
        image_model=str(mine), translation_model="facebook/nllb", video_model="none"
    )
    config = configured("/srv/hot", engine=engine, prompts_dir=str(prompts))
    shown = values(unit_text(config, Scope.SYSTEM, PROGRAM), "BindReadOnlyPaths")
    assert {f"-{mine}", f"-{prompts}"} <= set(shown)
    assert not [path for path in shown if "nllb" in path or "none" in path]


@pytest.mark.parametrize(
    ("use", "hosts", "denied", "allowed"),
    [
        ("auto", ["example.org"], ["any"], ["localhost"]),
        ("openai", ["localhost:11434", "127.0.0.1:8000", "[::1]:80"], ["any"], ["localhost"]),
        ("openai", ["localhost", "192.168.1.7:8000", "[fd00::7]"], ["any"],
         ["localhost", "192.168.1.7", "fd00::7"]),
        ("openai", ["192.168.1.7", "api.example.org"], [], []),
    ],
)  # fmt: skip
def test_the_service_reaches_the_servers_of_its_configuration_and_no_others(
    use, hosts, denied, allowed, tmp_path
):
    endpoints = tuple(Endpoint(url=f"http://{host}/v1", model="m") for host in hosts)
    config = configured("/srv/hot", engine=EngineChoice(use=use, endpoints=endpoints))
    text = unit_text(config, Scope.SYSTEM, PROGRAM)
    assert values(text, "IPAddressDeny") == denied
    assert values(text, "IPAddressAllow") == allowed
    assert verified(text, tmp_path) == (0, "")
    assert exposure(text, tmp_path) <= 1.5


def test_the_file_of_a_key_is_shown():
    key = "/home/ann/.config/captiond/key"
    endpoint = Endpoint(url="http://127.0.0.1/v1", model="m", api_key_file=key)
    config = configured("/srv/hot", engine=EngineChoice(use="openai", endpoints=(endpoint,)))
    assert f"-{key}" in values(unit_text(config, Scope.SYSTEM, PROGRAM), "BindReadOnlyPaths")


def test_a_folder_below_tmp_is_shown_and_the_homes_stay_closed():
    text = unit_text(configured("/tmp/hot"), Scope.SYSTEM, PROGRAM)
    assert values(text, "ProtectHome") == ["yes"]
    assert values(text, "BindPaths") == ["-/tmp/hot"]


def test_a_link_into_a_home_is_followed(tmp_path):
    (tmp_path / "hot").symlink_to("/home/ann/in")
    text = unit_text(configured(tmp_path / "hot"), Scope.SYSTEM, PROGRAM)
    assert "-/home/ann/in" in values(text, "BindPaths")


@pytest.mark.parametrize(
    ("configured_as", "state", "made_by_systemd"),
    [
        ("~/.local/state/captiond", "/var/lib/captiond", ["captiond"]),
        ("/var/lib/captiond/two", "/var/lib/captiond/two", ["captiond/two"]),
        ("/srv/state", "/srv/state", []),
    ],
)
def test_the_state_folder(configured_as, state, made_by_systemd):
    config = configured(state_dir=Path(configured_as).expanduser())
    assert service_state(config, Scope.SYSTEM) == Path(state)
    text = unit_text(config, Scope.SYSTEM, PROGRAM)
    assert values(text, "StateDirectory") == made_by_systemd
    assert values(text, "RequiresMountsFor") == [state]
    assert values(text, "ReadWritePaths") == ([] if made_by_systemd else [state])


def test_a_user_keeps_the_own_state_folder():
    config = replace(configured("/home/ann/in"), state_dir=Path("/home/ann/.local/state/captiond"))
    assert service_state(config, Scope.USER) == config.state_dir
    text = unit_text(config, Scope.USER, PROGRAM)
    assert not values(text, "User")
    assert values(text, "ExecStart") == ["/bin/true run"]


def test_every_setting_that_is_filled_in_stands_in_the_template():
    text = Scope.SYSTEM.template
    for key in ("ExecStart", "RequiresMountsFor", "StateDirectory", "ReadWritePaths", "BindPaths"):
        assert len(values(text, key)) == 1, key


def test_the_own_program_can_be_started():
    program = Program.own()
    assert os.access(program.script, os.X_OK)
    assert Path(__file__).resolve().parents[1] in program.code
