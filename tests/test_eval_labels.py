"""Lists of labels as people and spreadsheets write them: each fault is named with its line."""

from pathlib import Path

import pytest

from daemon.evaluating.labels import Label, Labels, read_labels
from daemon.toml_keys import ConfigError

GOOD = "file,caption,tags\na.jpg,A dog.,dog\n"


def folder_of(tmp_path: Path, *names: str) -> Path:
    for name in names or ("a.jpg", "b.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def labels_of(folder: Path, csv: str | bytes) -> Labels:
    source = folder / "labels.csv"
    source.write_bytes(csv if isinstance(csv, bytes) else csv.encode())
    return read_labels(source, folder)


@pytest.mark.parametrize(
    "csv",
    [
        "file,caption,tags\na.jpg,A dog.,dog; beach\n",
        "\ufefffile,caption,tags\r\na.jpg,A dog.,dog;beach\r\n",
        'file;caption;tags\na.jpg;A dog.;"dog, beach"\n',
        'file;caption;tags\na.jpg;A dog.;"dog; beach"\n',
        "file\tcaption\ttags\na.jpg\tA dog.\tdog,beach\n",
        ' Tags ,FILE,Caption,note\n"dog,,  beach;dog",a.jpg,"A  dog.",whatever\n',
        'file,caption,tags\n\n,,\n./a.jpg,"A\ndog.",dog;beach\n',
    ],
    ids=["plain", "excel", "semicolons", "both", "tabs", "order", "blank lines"],
)
def test_labels_are_read_as_spreadsheets_write_them(tmp_path: Path, csv: str) -> None:
    read = labels_of(folder_of(tmp_path), csv)
    assert read == Labels((Label(tmp_path / "a.jpg", "A dog.", ("dog", "beach")),), ())


def test_accents_and_folders_in_names_are_found_however_they_are_encoded(tmp_path: Path) -> None:
    composed, apart = "caf\u00e9.jpg", "cafe\u0301 2.jpg"
    folder = folder_of(tmp_path, composed, apart, "sub/a.jpg")
    read = labels_of(folder, "file,tags\ncafe\u0301.jpg,x\ncaf\u00e9 2.jpg,x\nsub/a.jpg,x\n")
    assert [label.path.name for label in read.labels] == [composed, apart, "a.jpg"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("missing.jpg,x,y", "line 3: there is no file missing.jpg"),
        ("../secret.jpg,x,y", "line 3: ../secret.jpg lies outside of"),
        ("/etc/passwd,x,y", "line 3: /etc/passwd lies outside of"),
        ("a.jpg,again,", "line 3: {folder}/a.jpg stands there twice; the first line counts"),
        (",x,y", "line 3: no file is named"),
        ("b.jpg,x,y,z", "line 3: it has more fields than the first line"),
        ("b.jpg,x,", "1 of 2 lines leave 'tags' empty"),
        ("b.jpg,,y", "1 of 2 lines leave 'caption' empty"),
        ('b.jpg,x," ; ,"', "1 of 2 lines leave 'tags' empty"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_the_others_count(
    tmp_path: Path, row: str, told: str
) -> None:
    read = labels_of(folder_of(tmp_path), f"{GOOD}{row}\n")
    assert read.labels[0] == Label(tmp_path / "a.jpg", "A dog.", ("dog",))
    (problem,) = read.problems
    assert told.format(folder=tmp_path) in problem
    assert problem.startswith(str(tmp_path / "labels.csv"))


def test_languages_are_codes(tmp_path: Path) -> None:
    csv = "file,caption,language\na.jpg,Ein Hund.,de\nb.jpg,Un cão.,Portuguese!\n"
    read = labels_of(folder_of(tmp_path), csv)
    assert [label.language for label in read.labels] == ["de"]
    assert "line 3: 'Portuguese!' is no language" in read.problems[0]
    assert "no column 'tags'" in read.problems[1]


@pytest.mark.parametrize(
    ("csv", "told"),
    [
        ("", "line 1: there is no column 'file' and none 'caption' and none 'tags'"),
        ("caption,tags\nA dog.,dog\n", "line 1: there is no column 'file'"),
        ("file,title\na.jpg,A dog.\n", "line 1: there is no column 'caption' and none 'tags'"),
        ("file,tags,Tags\na.jpg,x,y\n", "line 1: there are two columns 'tags'"),
        ("file,tags\n", "names no file"),
        ("file,tags\nmissing.jpg,x\n", "line 2: there is no file missing.jpg"),
        ("file,tags\na.jpg,caf\u00e9\n".encode("latin-1"), "line 2: not UTF-8; save it as"),
        ('file,tags\na.jpg,"dog\n', "line 2: unexpected end of data; put texts in double quotes"),
        ('file,tags\na.jpg,"dog" x\n', "line 2: "),
        (b"file,tags\na.jpg," + b"x" * 200_000, "line 2: field larger than field limit"),
    ],
    ids=str,
)
def test_a_list_that_cannot_be_used_says_where_and_why(
    tmp_path: Path, csv: str | bytes, told: str
) -> None:
    with pytest.raises(ConfigError) as error:
        labels_of(folder_of(tmp_path), csv)
    assert told in str(error.value)
    assert "labels.csv" in str(error.value)


def test_a_missing_list_says_how_to_name_another(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--labels"):
        read_labels(tmp_path / "labels.csv", tmp_path)
