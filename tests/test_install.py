"""Installing the service writes what it says, into the root it is given, and can be undone."""

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from daemon.config import load
from daemon.install import left_behind, next_steps, taken, to_install, to_uninstall
from daemon.toml_keys import ConfigError
from daemon.unit import Scope

UNIT = "etc/systemd/system/captiond.service"


@pytest.fixture
def root(tmp_path):
    place = tmp_path / "root"
    (place / "etc").mkdir(parents=True)
    return place


def configured(tmp_path, text='[[folders]]\npath = "/srv/hot pictures"\n'):
    source = tmp_path / "config.toml"
    source.write_text(text)
    return load(source, {})


def files(root):
    return {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file() or p.is_symlink()}


def test_the_system_service_with_its_account(root, tmp_path):
    config = configured(tmp_path)
    steps = to_install(config, Scope.SYSTEM, root)
    assert [str(step) for step in steps] == [
        f"write {root}/etc/sysusers.d/captiond.conf",
        f"run systemd-sysusers --root={root} captiond.conf",
        f"write {root}/{UNIT}",
    ]
    assert files(root) == set(), "listing does nothing"
    assert tuple(taken(steps)) == steps
    account = [
        line for line in (root / "etc/passwd").read_text().splitlines() if "captiond" in line
    ]
    assert account[0].startswith("captiond:x:")
    assert account[0].endswith(":/var/lib/captiond:/usr/sbin/nologin")
    assert "captiond:x:" in (root / "etc/group").read_text()
    assert (root / UNIT).stat().st_mode & 0o777 == 0o644
    checked = subprocess.run(
        ["systemd-analyze", "verify", root / UNIT], capture_output=True, text=True
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert not any(entry.pw_name == "captiond" for entry in pwd.getpwall()), "not on this machine"


def contents(root):
    for name in files(root):
        if not os.access(root / name, os.R_OK):  # etc/shadow, which only root may read
            (root / name).chmod(0o600)
    return {name: (root / name).read_bytes() for name in files(root)}


def test_installing_twice_is_installing_once(root, tmp_path):
    config = configured(tmp_path)
    tuple(taken(to_install(config, Scope.SYSTEM, root)))
    before = contents(root)
    tuple(taken(to_install(config, Scope.SYSTEM, root)))
    assert contents(root) == before


def test_uninstalling_leaves_state_and_account(root, tmp_path):
    config = configured(tmp_path)
    tuple(taken(to_install(config, Scope.SYSTEM, root)))
    state = root / "var/lib/captiond/state.db"
    state.parent.mkdir(parents=True)
    state.write_text("precious")
    wanted = root / "etc/systemd/system/multi-user.target.wants/captiond.service"
    wanted.parent.mkdir()
    wanted.symlink_to("../captiond.service")
    tuple(taken(to_uninstall(Scope.SYSTEM, root)))
    assert state.read_text() == "precious"
    assert "captiond" in (root / "etc/passwd").read_text()
    assert not [name for name in files(root) if name.endswith((".service", ".conf"))]
    assert "left as they are" in left_behind(config, Scope.SYSTEM)
    tuple(taken(to_uninstall(Scope.SYSTEM, root)))


def test_the_user_service(root, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", "/home/ann/.config")
    config = configured(tmp_path, '[[folders]]\npath = "~/Pictures"\n')
    tuple(taken(to_install(config, Scope.USER, root)))
    assert files(root) == {"home/ann/.config/systemd/user/captiond.service"}
    tuple(taken(to_uninstall(Scope.USER, root)))
    assert files(root) == set()


def test_without_a_configuration_file_nothing_is_installed(root):
    with pytest.raises(ConfigError, match="config init"):
        to_install(load(None, {"XDG_CONFIG_HOME": str(root)}), Scope.SYSTEM, root)


@pytest.mark.parametrize("line", ['state_dir = "~/x"', "[[folders]]\npath = '~/in'"])
def test_a_tilde_means_another_folder_to_the_service(line, root, tmp_path):
    config = configured(tmp_path, f'# path = "~/not/this"\n{line}\n')
    with pytest.raises(ConfigError, match=r"line [23]: .*instead of ~"):
        to_install(config, Scope.SYSTEM, root)


def test_a_step_that_fails_says_which_and_stops(root, tmp_path):
    (root / "etc/sysusers.d").write_text("in the way")
    steps = taken(to_install(configured(tmp_path), Scope.SYSTEM, root))
    with pytest.raises(ConfigError, match=r"cannot write .*sysusers.d"):
        next(steps)
    assert UNIT not in files(root)


def test_a_command_that_fails_is_quoted(root, tmp_path):
    (root / "etc/passwd").mkdir()
    with pytest.raises(ConfigError, match=r"systemd-sysusers .* failed: "):
        tuple(taken(to_install(configured(tmp_path), Scope.SYSTEM, root)))
    assert UNIT not in files(root)


def test_what_is_left_to_do_is_told(tmp_path):
    config = configured(tmp_path)
    Path(config.source).chmod(0o600)
    told = "\n".join(next_steps(config, Scope.SYSTEM))
    assert "setfacl -R -m u:captiond:rwX,d:u:captiond:rwX '/srv/hot pictures'" in told
    assert 'state_dir = "/var/lib/captiond"' in told
    assert f"setfacl -m u:captiond:r {config.source}" in told
    assert "usermod -aG captiond" in told
    assert "systemctl enable --now" in told
    assert "enable-linger" in "\n".join(next_steps(config, Scope.USER))
    owned = configured(tmp_path, f'[[folders]]\npath = "{tmp_path}/.."\n')
    assert f",d:u:{os.getuid()}:rwX {tmp_path.parent}" in "\n".join(next_steps(owned, Scope.SYSTEM))
    settled = configured(tmp_path, 'state_dir = "/var/lib/captiond"\n')
    settled.source.chmod(0o644)
    told = next_steps(settled, Scope.SYSTEM)
    assert len(told) == 3
    assert "sudo -H -u captiond" in told[-1]
    assert "models pull 8gb && sudo systemctl restart captiond" in told[-1]
    plain = configured(tmp_path, 'state_dir = "/var/lib/captiond"\n[engine]\nuse = "builtin"\n')
    assert len(next_steps(plain, Scope.SYSTEM)) == 2
