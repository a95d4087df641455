"""The doctor finds what is amiss, says what to do, and breaks down over nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.checks import Check, engines, folders, machine, sample, tools
from daemon.config import Config, EngineChoice, Folder
from daemon.control import lock
from daemon.doctor import as_json, configuration, doctor
from metadata.change import Rules, SidecarName, Write

ROOT = Path(__file__).parent.parent


@pytest.fixture
def hot(tmp_path):
    place = tmp_path / "hot"
    place.mkdir()
    return place


def configured(hot, **settings):
    settings = {"folders": (Folder(path=hot),), "languages": ("es", "de-AT"), **settings}
    return Config(state_dir=hot.parent / "state", **settings)


def without_privileges(script, *words):
    """Run Python code for which permissions count, root or not."""
    drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    ran = subprocess.run(
        [*drop, sys.executable, "-c", script, *map(str, words)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_a_sound_machine(hot):
    checks = doctor(configured(hot))
    document = as_json(checks)
    assert document["ok"] is True, [c for c in checks if c.ok is False]
    assert json.loads(json.dumps(document)) == document
    assert all(set(check) == {"name", "ok", "says", "do"} for check in document["checks"])
    names = [check["name"] for check in document["checks"]]
    assert {"exiftool", "pictures", "heif", "videos", "engine", "inotify", "sqlite"} <= set(names)
    assert all(check.do for check in checks if not check.ok and check.name != "configuration")
    assert not (hot.parent / "state").exists(), "it changes nothing"


def test_one_failure_is_a_failure_and_a_drawback_is_none():
    assert as_json([Check("a", True, ""), Check("b", None, "")])["ok"] is True
    assert as_json([Check("a", True, ""), Check("b", False, "")])["ok"] is False


def test_the_libraries_stay_out_of_this_process(hot):
    asked = """if True:
        import json, pathlib, sys
        from daemon.config import Config
        from daemon.doctor import doctor
        doctor(Config(state_dir=pathlib.Path(sys.argv[1])))
        print(json.dumps([name for name in ("PIL", "av", "numpy", "babel") if name in sys.modules]))
    """
    assert without_privileges(asked, hot) == []


@pytest.mark.parametrize(
    ("prints", "ok"),
    [("13.54", True), ("14.01", True), ("13.53", None), ("12.57", None), ("what?", False)],
)
def test_H4_the_age_of_exiftool(hot, prints, ok):
    fake = hot.parent / "exif tool"
    fake.write_text(f"#!/bin/sh\necho '{prints}'\n")
    fake.chmod(0o755)
    check = tools.exiftool(configured(hot, exiftool=str(fake)))
    assert check.ok is ok
    assert ok or "exiftool.org" in check.do


@pytest.mark.parametrize("name", ["/nowhere/exiftool", "/etc/passwd"])
def test_no_exiftool(hot, name):
    check = tools.exiftool(configured(hot, exiftool=name))
    assert check.ok is False
    assert name in check.says
    assert "apt-get install libimage-exiftool-perl" in check.do


def test_a_language_without_a_catalog_is_named(hot):
    languages = engines.engine(configured(hot, languages=("es", "tlh", "ko")))[-1]
    assert languages.ok is None
    assert languages.says.startswith("en, es;")
    assert languages.says.endswith("tlh, ko")


def test_decoders_that_break_down_are_reported(hot, monkeypatch):
    broken = hot.parent / "broken"
    broken.mkdir()
    (broken / "av.py").write_text("raise ImportError('libavcodec.so.62: no such file')")
    (broken / "pi_heif.py").write_text("import os; os.abort()")
    monkeypatch.setattr(sys, "path", [str(broken), *sys.path])
    (check,) = tools.decoders(configured(hot))
    assert check.ok is False
    (broken / "pi_heif.py").unlink()
    videos = tools.decoders(configured(hot))[2]
    assert (videos.name, videos.ok) == ("videos", False)
    assert "libavcodec" in videos.says


def test_a_missing_ocr_extra_is_a_drawback_with_a_remedy(hot, monkeypatch):
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    texts = tools.decoders(configured(hot))[-1]
    assert (texts.name, texts.ok) == ("texts", None)
    assert texts.says == "not looked for: the ocr extra is not installed (rapidocr)"
    assert texts.do == "pip install 'captiond[ocr]'"


def test_an_ocr_extra_that_cannot_be_loaded_is_named(hot, monkeypatch):
    broken = hot.parent / "broken"
    broken.mkdir()
    (broken / "onnxruntime.py").write_text("raise ImportError('libgomp.so.1: no such file')")
    monkeypatch.setattr(sys, "path", [str(broken), *sys.path])
    texts = tools.decoders(configured(hot))[-1]
    assert texts.ok is None
    assert "libgomp" in texts.says


def test_texts_that_nobody_wants_are_no_drawback(hot):
    assert tools.decoders(configured(hot, tasks=("caption",)))[-1].ok is True


@pytest.mark.parametrize(
    ("use", "ok"), [("auto", True), ("builtin", True), ("openai", False), ("transformers", False)]
)
def test_the_engine(hot, use, ok):
    assert engines.engine(configured(hot, engine=EngineChoice(use=use)))[0].ok is ok


def test_a_folder_says_what_will_be_written_and_why(hot):
    (check,) = folders.folders(configured(hot))
    assert check.ok
    assert check.says == 'sidecars IMG.jpg.xmp beside the files, because dam = "any"; watched'
    silent = Folder(path=hot, write=Write.NONE, poll="always")
    (check,) = folders.folders(configured(hot, folders=(silent,)))
    assert check.ok
    assert 'write = "none"' in check.says
    assert 'poll = "always"' in check.says


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        ({"dam": "darktable"}, 'sidecars IMG.jpg.xmp beside the files, because dam = "darktable"'),
        (
            {"dam": "lightroom"},
            "into jpg, tif, png and psd files; sidecars IMG.xmp beside all others, "
            'because dam = "lightroom"',
        ),
        (
            {"dam": "bridge", "write": Write.BOTH},
            "into jpg, tif, png, psd, mp4 and mov files, and sidecars IMG.xmp beside them and all "
            'others, because dam = "bridge" and write = "both"',
        ),
        (
            {"dam": "premiere", "sidecar_name": SidecarName.APPEND},
            "into mp4 and mov files; sidecars IMG.jpg.xmp beside all others, "
            'because dam = "premiere" and sidecar_name = "append"',
        ),
        (
            {"write": Write.SIDECAR, "sidecar_name": SidecarName.EXISTING},
            "sidecars whichever is there, else IMG.jpg.xmp, beside the files, "
            'because write = "sidecar" and sidecar_name = "existing"',
        ),
    ],
)
def test_a_folder_says_what_goes_into_files_and_what_beside_them(hot, folder, says):
    config = configured(hot, folders=(Folder(path=hot, **folder),))
    (check,) = folders.folders(config)
    assert check.ok and check.says == f"{says}; watched"


def named(hot, *names):
    for name in names:
        (hot / name).parent.mkdir(exist_ok=True)
        (hot / name).touch()


def told(hot, **folder):
    """Give what is told of a folder beyond where values go."""
    first, *rest = folders.folders(configured(hot, folders=(Folder(path=hot, **folder),)))
    assert first.ok, first
    assert all(check.do for check in rest if check.ok is None)
    return [check.says for check in rest]


def test_sidecars_of_files_that_share_a_stem_are_called_otherwise(hot):
    named(hot, "a.jpg", "a.nef", "b.nef", "b.heic", "b.mov", "c.nef", "deep/d.webp", "deep/d.gif")
    assert told(hot) == []
    (shared,) = told(hot, dam="lightroom")
    assert shared.startswith(f"4 of 8 files looked at, such as {hot}/b.heic, differ"), shared
    assert shared.endswith("their sidecars are called IMG.jpg.xmp")
    (shared,) = told(hot, dam="lightroom", exclude=("deep",))
    assert shared.startswith("2 of 6 files")


def test_sidecars_that_are_there_are_kept_up_to_date(hot):
    named(hot, "a.jpg", "a.jpg.xmp", "b.nef", "b.xmp", "c.nef", "c.nef.xmp", "d.mov", "d.heic")
    named(hot, "d.heic.xmp", "d.xmp")
    for folder, count, first in (
        ({}, 1, "b.xmp"),
        ({"dam": "lightroom"}, 2, "a.jpg.xmp"),
        ({"sidecar_name": SidecarName.REPLACE}, 2, "a.jpg.xmp"),
    ):
        there = told(hot, **folder)[0]
        assert there.startswith(f"{count} sidecars with other names, such as {hot}/{first}, are")
    assert told(hot, sidecar_name=SidecarName.EXISTING) == []


def test_files_that_cannot_hold_their_values_are_named_with_the_reason(hot):
    named(hot, "link.jpg", "many.png", "mine.jpg", "locked.tif", "locked.nef")
    (hot / "link.jpg").unlink()
    (hot / "link.jpg").symlink_to(hot / "mine.jpg")
    (hot.parent / "other.png").hardlink_to(hot / "many.png")
    for name in ("locked.tif", "locked.nef"):
        (hot / name).chmod(0o400)
    assert told(hot) == []
    link, locked, many = told(hot, dam="lightroom")
    assert "such as" in link and "it is a symbolic link: values go beside instead" in link
    assert "it is read-only" in locked and "locked.tif" in locked
    assert "2 names (hard links)" in many


def test_a_files_owner_is_not_whoever_asks(hot, monkeypatch):
    named(hot, "a.jpg")
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    (check,) = told(hot, dam="lightroom")
    assert "belongs to another user" in check


def test_no_more_names_than_some_are_looked_at_and_no_file_is_opened(hot, monkeypatch):
    named(hot, *(f"{n:04}/{m}.jpg" for n in range(30) for m in range(4)))
    os.mkfifo(hot / "pipe.jpg")
    monkeypatch.setattr(sample, "MOST_FILES", 50)
    seen = sample.sample(Folder(path=hot), configured(hot).rules_for(hot / "x"))
    assert seen.of == 50
    monkeypatch.setattr(sample, "MOST_NAMES", 40)
    assert sample.sample(Folder(path=hot), Rules()).of < 20


def test_a_hot_folder_inside_another_is_told_of_by_itself(hot):
    named(hot, "inner/a.nef", "inner/a.heic")
    both = (Folder(path=hot, dam="lightroom"), Folder(path=hot / "inner"))
    checks = folders.folders(configured(hot, folders=both))
    assert [check.ok for check in checks] == [True, True]


def test_a_file_system_that_cannot_exchange_names_is_told_of(hot, monkeypatch):
    monkeypatch.setattr(folders, "exchanges", lambda place: False)
    (check,) = told(hot)
    assert "cannot exchange files" in check


@pytest.mark.parametrize(
    ("dam", "prints", "embedding"),
    [("any", "12.57", False), ("bridge", "12.57", True), ("bridge", "13.25", False)],
)
def test_an_exiftool_with_faults_in_writing_is_told_of_where_it_writes(hot, dam, prints, embedding):
    fake = hot.parent / "exiftool"
    fake.write_text(f"#!/bin/sh\necho '{prints}'\n")
    fake.chmod(0o755)
    config = configured(hot, exiftool=str(fake), folders=(Folder(path=hot, dam=dam),))
    check = tools.exiftool(config)
    assert check.ok is None
    assert ("faults in writing" in check.says) is embedding


def test_folders_that_are_not_there(hot):
    file = hot / "file"
    file.touch()
    missing = Folder(path=hot / "missing\n")
    checks = folders.folders(configured(hot, folders=(missing, Folder(path=file))))
    assert [check.ok for check in checks] == [False, False]
    assert all(check.name.isprintable() and check.do for check in checks)
    assert folders.folders(configured(hot, folders=()))[0].ok is None


LOOKED_AT = """if True:
    import json, pathlib, sys
    from daemon.checks import folders, machine
    from daemon.config import Config, Folder
    place = pathlib.Path(sys.argv[1])
    config = Config(state_dir=place, folders=(Folder(path=place),))
    checks = [*folders.folders(config), machine.state(config), machine.running(config)]
    print(json.dumps([[check.ok, check.says] for check in checks]))
"""


def test_W19_W20_permissions(hot):
    hot.chmod(0o500)
    folder, state, _ = without_privileges(LOOKED_AT, hot)
    assert folder[0] is False
    assert "may not write" in folder[1]
    assert state[0] is None
    assert "you may search it" in state[1]
    hot.chmod(0o000)
    folder, state, running = without_privileges(LOOKED_AT, hot)
    assert folder[0] is state[0] is False
    assert "may not read" in folder[1]
    assert running[0] is None
    inside, state, _ = without_privileges(LOOKED_AT, hot / "inside")
    assert inside[0] is state[0] is False
    hot.chmod(0o700)


def test_W7_too_few_watches(hot):
    for number in range(10):
        (hot / str(number)).mkdir()
    (hot / "@eaDir").mkdir()
    limit = hot.parent / "limit"
    limit.write_text("14\n")
    assert folders.watches(configured(hot), limit).ok is True
    limit.write_text("12\n")
    tight = folders.watches(configured(hot), limit)
    assert tight.ok is None
    assert "11 folders" in tight.says
    assert "fs.inotify.max_user_watches=" in tight.do
    assert folders.watches(configured(hot), hot / "none").ok is None


def test_state_and_who_holds_it(hot):
    config = configured(hot)
    assert machine.state(config).ok
    assert "none runs" in machine.running(config).says
    with lock(config.state_dir):
        assert f"pid {os.getpid()}" in machine.running(config).says
    in_the_way = hot / "file"
    in_the_way.touch()
    assert machine.state(Config(state_dir=in_the_way / "state")).ok is False


def test_D10_sqlite_is_named(monkeypatch):
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 3))
    assert machine.sqlite().ok is True
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 2))
    assert machine.sqlite().ok is None


def test_it_is_told_where_the_configuration_is_from(hot):
    found = configuration(configured(hot))
    assert found.ok is True and "defaults" in found.says
