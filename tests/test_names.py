"""Which names count: real save patterns of real programs, and globs."""

from pathlib import Path

import pytest

from daemon.watch.names import Names

HOT = Path("/hot")

# How programs save a picture: every name that stands in the folder for a while, then the last one.
SAVES = {
    "vim": ([".a.jpg.swp", ".a.jpg.swx", "4913", "a.jpg~"], "a.jpg"),
    "gimp by GIO": ([".goutputstream-7KV2M1"], "a.png"),
    "gimp backup": (["a.png~"], "a.png"),
    "krita": (["a.png~", ".a.png-autosave.kra"], "a.png"),
    "darktable sidecar": (["a.cr2.xmp.tmp"], "a.cr2.xmp"),
    "exiftool": (["a.jpg_exiftool_tmp", "a.jpg_original"], "a.jpg"),
    "exiftool sidecar": (["a.jpg.xmp_exiftool_tmp", "a.jpg.xmp_original"], "a.jpg.xmp"),
    "exiv2": (["a.jpg4711.exiv2_temp"], "a.jpg"),
    "captiond": ([".captiond-3f2a.tmp"], "a.jpg.xmp"),
    "rsync": ([".a.jpg.x8fQz1"], "a.jpg"),
    "rsync partial": ([".~tmp~", ".rsync-partial"], "a.jpg"),
    "scp": ([], "a.jpg"),
    "winscp": (["a.jpg.filepart"], "a.jpg"),
    "filezilla, sftp": (["a.jpg.part"], "a.jpg"),
    "proftpd": ([".in.a.jpg."], "a.jpg"),
    "curl": ([], "a.jpg"),
    "aria2": (["a.mp4.aria2"], "a.mp4"),
    "wget": ([".wget-hsts"], "a.jpg"),
    "rclone": (["a.jpg.1a2b3c4d.partial"], "a.jpg"),
    "chrome": (["a.jpg.crdownload", "Unconfirmed 4711.crdownload"], "a.jpg"),
    "chrome on Linux": ([".com.google.Chrome.x1Yz"], "a.jpg"),
    "firefox": (["a.jpg.part", "Xq3f.jpg.part"], "a.jpg"),
    "opera": (["a.jpg.opdownload"], "a.jpg"),
    "edge, internet explorer": (["a.jpg.partial"], "a.jpg"),
    "syncthing": ([".syncthing.a.jpg.tmp", "~syncthing~a.jpg.tmp"], "a.jpg"),
    "resilio": (["a.jpg.!sync"], "a.jpg"),
    "nextcloud": ([".a.jpg.~1b2c3", "a.jpg.ocTransferId42.part"], "a.jpg"),
    "dropbox": (["~a.jpg", ".~a.jpg"], "a.jpg"),
    "microsoft": (["~$a.jpg", "~a1f.tmp"], "a.jpg"),
    "photoshop": (["~psA1.tmp", "a.psd.tmp"], "a.psd"),
    "macos on a share": (["._a.jpg", ".DS_Store", ".smbdeleteAAA1"], "a.jpg"),
    "android": ([".pending-1720000000-a.jpg", ".trashed-1720000000-b.jpg"], "a.jpg"),
    "yt-dlp": (["a.mp4.part", "a.mp4.ytdl", "a.temp.mp4", "a.mp4.part-Frag1"], "a.mp4"),
    "qbittorrent": (["a.mkv.!qB"], "a.mkv"),
    "nfs silly rename": ([".nfs0000000002a1"], "a.jpg"),
    "emacs": (["#a.jpg#", ".#a.jpg"], "a.jpg"),
    "libreoffice": ([".~lock.a.jpg#"], "a.jpg"),
    "half-made, suffix kept": (["a.tmp.jpg", "a.part.jpg", "a.PARTIAL.JPG"], "a.jpg"),
}


@pytest.mark.parametrize("program", SAVES)
def test_W4_only_the_finished_file_counts(program: str) -> None:
    passing, final = SAVES[program]
    names = Names.below(HOT)
    assert [name for name in passing if names.file("/hot", name)] == []
    assert names.file("/hot", final)


@pytest.mark.parametrize(
    "name",
    [
        "IMG_0001.JPG",
        "ä ö.jpeg",
        "two\nlines.png",
        "-rf.webp",
        "'\"$(x).gif",
        "\u202egpj.exe.jpg",
        "\udcff.tif",
        "a.jpg.xmp",
        "a.XMP",
        "a..heic",
        "attempt.jpg",
        "tmp.jpg",
        "part.jpg",
        "IMG.sync-conflict-20240101-101010-ABCDEFG.jpg",
    ],
)
def test_strange_names_are_no_fault(name: str) -> None:
    assert Names.below(HOT).file("/hot", name)


@pytest.mark.parametrize(
    "name", ["", ".", ".jpg", "jpg", "a.", "a.txt", "a.jpg.txt", "a.m3u8", "Thumbs.db", "a.json"]
)
def test_everything_else_is_left_alone(name: str) -> None:
    assert not Names.below(HOT).file("/hot", name)


@pytest.mark.parametrize(
    "folder",
    [
        "@eaDir",
        "#recycle",
        "#snapshot",
        "@tmp",
        "@Recycle",
        "@Recently-Snapshot",
        ".@__thumb",
        ".thumbnails",
        ".Trash-1000",
        "$RECYCLE.BIN",
        "System Volume Information",
        "lost+found",
        "__MACOSX",
        ".stversions",
        ".dtrash",
        "appdata_ocx1y2z3",
        "Catalog Previews.lrdata",
        "Photos.photoslibrary",
        "a.jpg.download",
    ],
)
def test_W4_no_thumbnails_recycle_bins_or_snapshots(folder: str) -> None:
    names = Names.below(HOT)
    assert not names.folder("/hot", folder)
    assert not names.holds(HOT / "2024" / folder / "a.jpg")


@pytest.mark.parametrize("folder", ["2024", "@home", "#1 hits", "Recycled art", "$", "a.jpg"])
def test_people_name_folders_as_they_like(folder: str) -> None:
    assert Names.below(HOT).folder("/hot", folder)


@pytest.mark.parametrize(
    ("glob", "inside", "outside"),
    [
        ("*.gif", "a.gif", "a.jpg"),
        ("raw", "raw/a.jpg", "raws/a.jpg"),
        ("raw/", "2024/raw/a.jpg", "2024/raw.jpg"),
        ("/raw", "raw/a.jpg", "2024/raw/a.jpg"),
        ("2024/raw", "2024/raw/deep/a.jpg", "2023/raw/a.jpg"),
        ("2024/*", "2024/b/a.jpg", "2023/a.jpg"),
        ("IMG_[0-4]*.jpg", "x/IMG_31.jpg", "x/IMG_51.jpg"),
        ("a\\b.jpg", "a\\b.jpg", "a/b.jpg"),
    ],
)
def test_globs_of_a_folder(glob: str, inside: str, outside: str) -> None:
    names = Names.below(HOT, [glob])
    assert not names.holds(HOT / inside)
    assert names.holds(HOT / outside)


def test_only_names_below_the_root_are_judged() -> None:
    names = Names.below(Path("/home/u/.local/@eaDir/hot"))
    assert names.holds(Path("/home/u/.local/@eaDir/hot/a.jpg"))
    assert not names.holds(Path("/home/u/a.jpg"))
    assert not names.holds(Path("/home/u/.local/@eaDir/hot"))


def test_a_hot_folder_inside_another_is_its_own() -> None:
    names = Names.below(HOT, apart=[HOT / "inner"])
    assert not names.holds(HOT / "inner" / "a.jpg")
    assert names.holds(HOT / "inner2" / "a.jpg")


def test_the_root_of_the_file_system_can_be_hot() -> None:
    names = Names.below(Path("/"), ["/srv"])
    assert names.holds(Path("/a.jpg"))
    assert names.holds(Path("/home/a.jpg"))
    assert not names.holds(Path("/srv/a.jpg"))
