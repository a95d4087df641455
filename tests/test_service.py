"""A running captiond from outside: dropped files, kills, moves, full disks, and its idle hours."""

import json
import os
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from tests import drawn
from tests.running import Captiond, environment, until

HUMAN = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:foo="http://example.org/foo/">
 <dc:description><rdf:Alt><rdf:li xml:lang="x-default">Oma im Garten</rdf:li></rdf:Alt>
 </dc:description><dc:subject><rdf:Bag><rdf:li>Oma</rdf:li><rdf:li>Garten</rdf:li>
 <rdf:li>2024</rdf:li></rdf:Bag></dc:subject><foo:note>keep me</foo:note>
 </rdf:Description></rdf:RDF></x:xmpmeta>"""


@pytest.fixture
def captiond(tmp_path: Path) -> Captiond:
    return Captiond(tmp_path)


def fill(folder: Path, count: int) -> list[Path]:
    folder.mkdir(exist_ok=True)
    return [
        drawn.jpeg(folder / f"{n:03}.jpg", size=(320, 240), colour=(n * 7 % 256, 80, 200 - n % 200))
        for n in range(count)
    ]


def sidecars(captiond: Captiond) -> dict[str, tuple[int, int]]:
    return {p.name: (p.stat().st_ino, p.stat().st_mtime_ns) for p in captiond.inbox.rglob("*.xmp")}


def wanted(captiond: Captiond, path: Path, state: str) -> None:
    until(lambda: captiond.json("show", path, code=None)["state"] == state, 30)


def test_a_picture_that_is_dropped_is_found_by_its_tags(captiond: Captiond) -> None:
    with captiond.daemon() as daemon:
        drawn.jpeg(captiond.inbox / "a.jpg", colour=(210, 30, 35))
        (captiond.inbox / "new/deep").mkdir(parents=True)
        drawn.jpeg(captiond.inbox / "new/deep/b.jpg", colour=(30, 60, 210))
        daemon.settles(done=2)

        assert [Path(f["path"]).name for f in captiond.lines("search", "--tag", "red")] == ["a.jpg"]
        assert (captiond.inbox / "new/deep/b.jpg.xmp").exists()
        status = captiond.json("status")
    assert status["running"] is True
    assert status["pid"] == daemon.process.pid
    assert status["folders"][0]["state"] == "events"


def test_W15_own_writes_stir_nothing(captiond: Captiond) -> None:
    with captiond.daemon() as daemon:
        fill(captiond.inbox, 20)
        daemon.settles(done=20)
        written = sidecars(captiond)
        time.sleep(2)
        captiond("redo", captiond.inbox / "000.jpg")

        after = sidecars(captiond)
        assert captiond.json("status")["queue"]["done"] == 20
    assert {name for name in after if after[name] != written[name]} <= {"000.jpg.xmp"}


def test_a_humans_words_and_a_foreign_namespace_stay(captiond: Captiond) -> None:
    drawn.jpeg(captiond.inbox / "a.jpg", colour=(210, 30, 35))
    sidecar = captiond.inbox / "a.jpg.xmp"
    sidecar.write_text(HUMAN)

    captiond("run", "--once")

    assert "keep me" in sidecar.read_text()
    file = captiond.json("show", captiond.inbox / "a.jpg")
    humans = [tag["name"] for tag in file["tags"] if tag["source"] == "human"]
    assert humans == ["Oma", "Garten", "2024"]
    assert "red" in [tag["name"] for tag in file["tags"] if tag["source"] == "builtin"]
    assert file["caption"]["x-default"] == "Oma im Garten"


def test_undo_gives_back_the_bytes_before(captiond: Captiond) -> None:
    drawn.jpeg(captiond.inbox / "a.jpg")
    drawn.jpeg(captiond.inbox / "b.jpg")
    sidecar = captiond.inbox / "a.jpg.xmp"
    sidecar.write_text(HUMAN)
    captiond("run", "--once")

    would = captiond("undo", captiond.inbox, "--dry-run").stdout
    assert "would" in would
    assert sidecar.read_text() != HUMAN
    captiond("undo", captiond.inbox)

    assert sidecar.read_text() == HUMAN
    assert not (captiond.inbox / "b.jpg.xmp").exists()
    assert captiond.states() == {"a.jpg": "skipped", "b.jpg": "skipped"}
    assert "nothing to undo" in captiond("undo", captiond.inbox).stdout
    assert "nothing to do" in captiond("run", "--once").stderr
    assert captiond.lines("search") == []


def test_undo_after_another_programs_edit_takes_our_values_only(captiond: Captiond) -> None:
    drawn.jpeg(captiond.inbox / "a.jpg", colour=(210, 30, 35))
    sidecar = captiond.inbox / "a.jpg.xmp"
    captiond("run", "--once")
    subprocess.run(
        ["exiftool", "-q", "-overwrite_original", "-XMP-dc:Subject+=Oma", str(sidecar)], check=True
    )

    captiond("undo", captiond.inbox)

    left = subprocess.run(
        ["exiftool", "-s", "-s", "-s", "-XMP-dc:Subject", "-XMP-captiond:all", str(sidecar)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert left.stdout.strip() == "Oma"


def test_undo_by_run_and_by_model(captiond: Captiond) -> None:
    drawn.jpeg(captiond.inbox / "a.jpg")
    captiond("run", "--once")
    made = captiond.json("show", captiond.inbox / "a.jpg")["provenance"]["caption"]

    assert "nothing to undo" in captiond("undo", "--run", "another").stdout
    assert "nothing to undo" in captiond("undo", "--model", "another").stdout
    captiond("undo", "--run", made["run"], "--model", made["model"])

    assert not (captiond.inbox / "a.jpg.xmp").exists()


def test_anothers_edit_reaches_the_index_and_describes_nothing_again(captiond: Captiond) -> None:
    with captiond.daemon() as daemon:
        path = drawn.jpeg(captiond.inbox / "a.jpg")
        daemon.settles(done=1)
        before = captiond.json("show", path)["provenance"]
        subprocess.run(
            ["exiftool", "-q", "-overwrite_original", "-XMP-dc:Subject+=Oma", f"{path}.xmp"],
            check=True,
        )
        until(lambda: bool(captiond.lines("search", "--tag", "oma")), 20, daemon.said)

        assert captiond.json("show", path)["provenance"] == before


def test_metadata_embedded_by_another_program_costs_no_new_description(
    captiond: Captiond,
) -> None:
    with captiond.daemon() as daemon:
        path = drawn.jpeg(captiond.inbox / "a.jpg")
        daemon.settles(done=1)
        before = captiond.json("show", path)
        subprocess.run(
            ["exiftool", "-q", "-overwrite_original", "-XMP-dc:Subject=Oma", str(path)], check=True
        )
        until(lambda: bool(captiond.lines("search", "--tag", "oma")), 20, daemon.said)

        after = captiond.json("show", path)
    assert after["provenance"] == before["provenance"]
    assert after["content"] == before["content"]


def test_W17_a_copy_takes_the_description_of_the_first(captiond: Captiond) -> None:
    first = drawn.jpeg(captiond.inbox / "a.jpg")
    captiond("run", "--once")
    made = captiond.json("show", first)["provenance"]
    for number in range(5):
        shutil.copy(first, captiond.inbox / f"copy{number}.jpg")

    captiond("run", "--once")

    copies = [captiond.json("show", captiond.inbox / f"copy{n}.jpg") for n in range(5)]
    assert all(copy["provenance"] == made for copy in copies)
    assert all((captiond.inbox / f"copy{n}.jpg.xmp").exists() for n in range(5))


def test_a_copy_with_another_date_gets_its_own_words(captiond: Captiond) -> None:
    for number, taken in enumerate(("2019-01-05T10:00:00", "2024-07-03T18:00:00")):
        drawn.jpeg(captiond.inbox / f"{number}.jpg", taken=taken)

    captiond("run", "--once")

    said = [captiond.json("show", captiond.inbox / f"{n}.jpg") for n in range(2)]
    assert said[0]["content"] == said[1]["content"]
    assert "2019" in said[0]["caption"]["en"]
    assert "2024" in said[1]["caption"]["en"]


def test_P10_a_rename_costs_nothing_and_a_deletion_leaves_the_index(captiond: Captiond) -> None:
    with captiond.daemon() as daemon:
        path = drawn.jpeg(captiond.inbox / "a.jpg")
        gone = drawn.jpeg(captiond.inbox / "gone.jpg", colour=(0, 200, 0))
        daemon.settles(done=2)
        made = captiond.json("show", path)["provenance"]
        renamed = path.rename(captiond.inbox / "renamed.jpg")
        Path(f"{path}.xmp").rename(captiond.inbox / "renamed.jpg.xmp")
        gone.unlink()
        wanted(captiond, renamed, "done")
        until(lambda: len(captiond.lines("search")) == 1, 20, daemon.said)

        assert captiond.json("show", renamed)["provenance"] == made
    assert Path(f"{gone}.xmp").exists()


def test_D1_killed_in_the_middle_nothing_is_lost_and_nothing_changes_twice(
    captiond: Captiond,
) -> None:
    fill(captiond.inbox, 60)
    with captiond.daemon() as daemon:
        until(lambda: len(sidecars(captiond)) >= 10, 60, daemon.said)
        daemon.end(signal.SIGKILL)
    written = sidecars(captiond)
    assert len(written) < 60
    with captiond.daemon() as daemon:
        until(lambda: len(sidecars(captiond)) >= 30, 60, daemon.said)
        daemon.end(signal.SIGKILL)
    captiond("run", "--once")

    after = sidecars(captiond)
    assert len(after) == 60
    assert {name: after[name] for name in written} == written
    assert not list(captiond.inbox.glob(".captiond-*"))
    runs = {f["provenance"]["caption"]["run"] for f in captiond.lines("search", "--limit", "99")}
    assert len(runs) == 3


def test_D7_a_second_captiond_refuses_and_commands_go_to_the_first(captiond: Captiond) -> None:
    with captiond.daemon() as daemon:
        second = captiond("run", code=75)
        assert str(daemon.process.pid) in second.stderr
        drawn.jpeg(captiond.root / "elsewhere.jpg")
        file = captiond.lines("process", captiond.root / "elsewhere.jpg")[0]
        assert file["state"] == "done"
        captiond("redo", captiond.root / "elsewhere.jpg")
        captiond("reindex")
        captiond("undo", captiond.root / "elsewhere.jpg")
        assert not (captiond.root / "elsewhere.jpg.xmp").exists()
        (captiond.inbox / "x.jpg").write_text("words")
        wanted(captiond, captiond.inbox / "x.jpg", "failed")
        captiond("retry", "--all", code=1)


def test_D14_a_stop_is_clean_and_leaves_nothing_running(captiond: Captiond) -> None:
    fill(captiond.inbox, 30)
    with captiond.daemon() as daemon:
        until(lambda: len(sidecars(captiond)) >= 3, 60, daemon.said)
        assert daemon.end(signal.SIGTERM) == 0
    assert "running" not in captiond.states().values()
    assert not (captiond.root / "state/control.sock").exists()


def test_W2_a_truncated_file_is_incomplete_until_it_is_whole(captiond: Captiond) -> None:
    whole = drawn.jpeg(captiond.root / "whole.jpg", size=(1600, 1200)).read_bytes()
    path = captiond.inbox / "a.jpg"
    with captiond.daemon() as daemon:
        path.write_bytes(whole[: len(whole) // 2])
        wanted(captiond, path, "incomplete")
        assert captiond.json("show", path)["error"]["reason"] == "truncated"
        with path.open("ab") as end:
            end.write(whole[len(whole) // 2 :])
        daemon.settles(done=1)


def test_W20_a_folder_that_cannot_be_written_keeps_the_description(captiond: Captiond) -> None:
    """As root nothing is forbidden, so that the folder is made read-only in a mount of its own."""
    drawn.jpeg(captiond.inbox / "a.jpg", colour=(210, 30, 35))
    command = " ".join(f"'{word}'" for word in [*captiond.command, "run", "--once"])
    inbox = f"'{captiond.inbox}'"
    script = f"mount --bind {inbox} {inbox} && mount -o remount,bind,ro {inbox} && {command}"

    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1, done.stderr
    file = captiond.json("show", captiond.inbox / "a.jpg")
    assert (file["state"], file["error"]["reason"]) == ("failed", "read_only")
    assert captiond.lines("search", "--tag", "red")
    captiond("retry", "--all")
    assert (captiond.inbox / "a.jpg.xmp").exists()


def test_P11_a_full_disk_pauses_and_goes_on(captiond: Captiond) -> None:
    inbox = f"'{captiond.inbox}'"
    command = " ".join(f"'{word}'" for word in captiond.command)
    drawn.jpeg(captiond.root / "a.jpg")
    script = f"""set -e
        mount -t tmpfs -o size=256k tmpfs {inbox}
        cp '{captiond.root}/a.jpg' {inbox}
        dd if=/dev/zero of={inbox}/fill bs=4k 2>/dev/null || true
        {command} run --once || echo "rc $?"
        {command} jobs --json
        rm {inbox}/fill
        {command} run --once
        ls {inbox}"""

    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "rc 3" in done.stdout
    assert '"disk_full"' in done.stdout
    assert "a.jpg.xmp" in done.stdout


def test_W12_an_unmounted_folder_is_offline_and_loses_nothing(captiond: Captiond) -> None:
    inbox = f"'{captiond.inbox}'"
    command = " ".join(f"'{word}'" for word in captiond.command)
    drawn.jpeg(captiond.root / "a.jpg")
    script = f"""set -e
        mount -t tmpfs tmpfs {inbox}
        cp '{captiond.root}/a.jpg' {inbox}
        {command} run --once
        mount -n --move {inbox} '{captiond.root}/aside'
        {command} run --once
        {command} search --json
        mount -n --move '{captiond.root}/aside' {inbox}
        {command} run --once"""
    (captiond.root / "aside").mkdir()

    done = subprocess.run(
        ["unshare", "-rm", "--propagation", "private", "sh", "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "a.jpg" in done.stdout
    assert done.stderr.count("nothing to do") == 2


def test_bad_input_ends_in_a_state_with_a_reason_and_harms_nothing(captiond: Captiond) -> None:
    inbox = captiond.inbox
    good = drawn.jpeg(inbox / "good.jpg")
    clip = drawn.clip(captiond.root / "clip.mp4", seconds=3)
    (inbox / "empty.jpg").touch()
    for share in (25, 50, 99):
        drawn.truncated(good, inbox / f"cut{share}.jpg", share / 100)
        drawn.truncated(clip, inbox / f"cut{share}.mp4", share / 100)
    (inbox / "words.jpg").write_text("these are words\n" * 40)
    drawn.png_header(inbox / "huge.png")
    drawn.gif(inbox / "long.gif", frames=3000)
    (inbox / "list.mp4").write_text("ffconcat version 1.0\nfile '/etc/passwd'\n")
    strange = [b"new\nline.jpg", b"quo'te\".jpg", b"-all=.jpg", b"\xe2\x80\xaegpj.jpg", b"\xff.jpg"]
    for name in strange:
        shutil.copy(good, Path(os.fsdecode(os.fsencode(inbox) + b"/" + name)))
    before = {p: p.read_bytes() for p in inbox.iterdir()}

    done = captiond("run", "--once", code=1)

    jobs = captiond.lines("jobs")
    described = {job["path"] for job in jobs if job["state"] == "done"}
    assert len(described) == 2 + len(strange), done.stderr
    assert all(job["error"]["message"] and job["error"]["hint"] for job in jobs if job["error"])
    reasons = {Path(j["path"]).name: j["error"]["reason"] for j in jobs if j["error"]}
    assert reasons == {
        "empty.jpg": "empty",
        "words.jpg": "not_media",
        "huge.png": "too_large",
        "list.mp4": "not_media",
        **{f"cut{share}.{kind}": "truncated" for share in (25, 50, 99) for kind in ("jpg", "mp4")},
    }
    assert {p: p.read_bytes() for p in before} == before
    assert Path(os.fsdecode(os.fsencode(inbox) + b"/\xff.jpg.xmp")).exists()


def test_the_group_may_search_and_others_may_not_even_read(captiond: Captiond) -> None:
    drawn.jpeg(captiond.inbox / "a.jpg")
    captiond("run", "--once")

    state = captiond.root / "state"
    assert stat.S_IMODE(state.stat().st_mode) & 0o007 == 0
    assert stat.S_IMODE((state / "scratch").stat().st_mode) == 0o700
    assert stat.S_IMODE((state / "state.db").stat().st_mode) & 0o007 == 0


def test_P7_idle_is_idle(captiond: Captiond) -> None:
    with captiond.daemon() as daemon:
        drawn.jpeg(captiond.inbox / "a.jpg")
        daemon.settles(done=1)
        pid = daemon.process.pid
        until(lambda: not children(pid), 75, daemon.said)
        cpu, written = usage(pid)
        time.sleep(10)
        cpu_after, written_after = usage(pid)

        assert written_after == written
        assert cpu_after - cpu < 0.05
        assert resident_mb(pid) < 80


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def usage(pid: int) -> tuple[float, str]:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    written = next(
        line for line in Path(f"/proc/{pid}/io").read_text().splitlines() if "write_bytes" in line
    )
    return (int(fields[11]) + int(fields[12])) / ticks, written


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def test_P8_without_state_db_nothing_is_described_again_and_undo_still_works(
    captiond: Captiond,
) -> None:
    path = drawn.jpeg(captiond.inbox / "a.jpg", colour=(210, 30, 35))
    Path(f"{path}.xmp").write_text(HUMAN)
    captiond("run", "--once")
    before = captiond.json("show", path)
    bytes_before = Path(f"{path}.xmp").read_bytes()
    shutil.rmtree(captiond.root / "state")

    captiond("run", "--once")

    after = captiond.json("show", path)
    assert {**after, "stats": None} == {**before, "stats": None}
    assert Path(f"{path}.xmp").read_bytes() == bytes_before
    shutil.rmtree(captiond.root / "state")
    captiond("reindex")
    assert captiond.json("show", path)["state"] == "done"
    captiond("undo", path)
    left = Path(f"{path}.xmp").read_text()
    assert "Oma im Garten" in left
    assert "keep me" in left
    assert "urn:captiond" not in left


def test_D11_an_index_that_was_lost_is_filled_again_by_itself(captiond: Captiond) -> None:
    path = drawn.jpeg(captiond.inbox / "a.jpg", colour=(210, 30, 35))
    captiond("run", "--once")
    before = captiond.json("show", path)
    for left in (captiond.root / "state").glob("index.db*"):
        left.unlink()

    captiond("run", "--once")

    assert captiond.json("show", path) == before
    assert captiond.lines("search", "--tag", "red")


def test_a_sidecar_that_somebody_deletes_leaves_the_index_and_stays_away(
    captiond: Captiond,
) -> None:
    path = drawn.jpeg(captiond.inbox / "a.jpg", colour=(210, 30, 35))
    with captiond.daemon() as daemon:
        daemon.settles(done=1)
        Path(f"{path}.xmp").unlink()
        until(lambda: not captiond.lines("search"), 20, daemon.said)
        time.sleep(1)
        assert not Path(f"{path}.xmp").exists()
    captiond("redo", path)
    assert captiond.lines("search", "--tag", "red")


def test_where_nothing_is_to_be_written_the_index_is_kept(tmp_path: Path) -> None:
    captiond = Captiond(tmp_path, folder='write = "none"')
    path = drawn.jpeg(captiond.inbox / "a.jpg", colour=(210, 30, 35))

    captiond("run", "--once")
    before = captiond.json("show", path)
    captiond("reindex")

    assert list(captiond.inbox.iterdir()) == [path]
    assert before["written"] == []
    assert before["caption"]["en"]
    assert captiond.json("show", path) == before
    assert captiond.lines("search", "--tag", "red")


def test_W19_a_folder_without_permission_is_said_and_the_others_finish(
    captiond: Captiond,
) -> None:
    drawn.jpeg(captiond.inbox / "a.jpg")
    (captiond.inbox / "closed").mkdir()
    drawn.jpeg(captiond.inbox / "closed/b.jpg")
    (captiond.inbox / "closed").chmod(0)
    # root may read anything, unless it does without the two powers for it
    without = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    command = [*(without if os.geteuid() == 0 else []), *captiond.command, "run", "--once"]

    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)

    (captiond.inbox / "closed").chmod(0o755)
    assert done.returncode == 1, done.stderr
    assert "1 described, 1 folders cannot be read" in done.stderr
    assert f"{captiond.inbox}/closed: the folder cannot be read" in done.stderr
    assert "1 described" in captiond("run", "--once").stderr


def test_W17_copies_that_arrive_together_are_all_done_in_one_run(captiond: Captiond) -> None:
    first = drawn.jpeg(captiond.inbox / "0.jpg")
    for number in range(1, 12):
        shutil.copy(first, captiond.inbox / f"{number}.jpg")

    assert "12 described" in captiond("run", "--once").stderr

    made = {json.dumps(file["provenance"]) for file in captiond.lines("search", "--limit", "99")}
    assert len(made) == 1
