"""What a hub and an environment say is checked before it is believed: lists, names, tokens."""

import json
from pathlib import Path
from typing import Any

import pytest

from daemon.engines.checkpoint import INDEX, SINGLE
from daemon.hub import HubError
from daemon.hub.account import HUB, Account
from daemon.hub.digest import digest_for, is_checksum
from daemon.hub.listing import Listing, Remote, listing
from daemon.hub.needed import check_parts, small_files, weight_files
from daemon.toml_keys import ConfigError

SHA1, SHA256 = "a" * 40, "b" * 64
NAME = "some/model"


def answer(**more: Any) -> bytes:
    told = {"sha": "c" * 40, "gated": False, "tags": [], "siblings": [], **more}
    return json.dumps(told).encode()


def sibling(name: str, size: Any = 5, blob: Any = SHA1, **more: Any) -> dict[str, Any]:
    return {"rfilename": name, "size": size, "blobId": blob, **more}


def having(*names: str, untold: tuple[str, ...] = ()) -> Listing:
    return Listing("c" * 40, {name: Remote(name, 5, SHA1) for name in names}, untold)


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"<html>log in to the airport's network</html>",
        b"[]",
        b"{}",
        b"\xff\xfe{}",
        answer(sha="main"),
        answer(sha="../" + "c" * 37),
        answer(siblings=[sibling("a.json", size=-1)]),
        answer(siblings=[sibling("a.json", size=2**60)]),
        answer(siblings=[sibling("a.json", size="5")]),
        answer(siblings=[{"size": 5}]),
        answer(siblings=[sibling("a", lfs={"sha256": SHA256})]),
        b'{"a":' * 5000,
    ],
    ids=range(13),
)
def test_what_no_hub_would_say_is_refused(told: bytes) -> None:
    with pytest.raises(HubError, match="what answers is no hub of models; look at HF_ENDPOINT"):
        listing(told, NAME)


def test_files_are_known_by_the_checksum_that_they_are_kept_under() -> None:
    large = {"sha256": SHA256, "size": 9, "pointerSize": 134}
    told = listing(
        answer(
            siblings=[
                sibling("config.json"),
                sibling("model.safetensors", lfs=large),
                sibling("untold.json", size=None),
                sibling("no_checksum.json", blob="main"),
                sibling("onnx/model.safetensors"),
            ],
            tags=["license:../../x\x1b[31m", "license:apache-2.0", "pytorch"],
            gated="manual",
        ),
        NAME,
    )
    assert told.files == {
        "config.json": Remote("config.json", 5, SHA1),
        "model.safetensors": Remote("model.safetensors", 9, SHA256),
    }
    assert told.untold == ("untold.json", "no_checksum.json")
    assert (told.licence, told.gated) == ("apache-2.0", True)


def test_only_what_a_checkpoint_needs_is_fetched() -> None:
    taken = (
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer.model", "vocab.txt",
        "merges.txt", "chat_template.jinja", "qwen.tiktoken", "LICENSE", "LICENSE.md",
        "USE_POLICY.md", "README.md", INDEX,
    )  # fmt: skip
    left = (
        "modeling_model.py", "pytorch_model.bin", "pytorch_model.bin.index.json", "model.gguf",
        "flax_model.msgpack", "tf_model.h5", "consolidated.safetensors", ".gitattributes",
        "example.png", "../config.json", "/etc/passwd.json", "a\nb.json", "-rf.json",
        "x" * 300 + ".json", "", "..", "diffusion.fp16.index.json",
    )  # fmt: skip
    assert {file.name for file in small_files(having(*taken, *left))} == set(taken)


def test_small_files_come_first_and_the_smallest_before_all() -> None:
    files = {"a.json": 9, "b.json": 1, "c.txt": 5}
    told = Listing("c" * 40, {n: Remote(n, size, SHA1) for n, size in files.items()})
    assert [file.size for file in small_files(told)] == [1, 5, 9]


PARTS = ("config.json", "tokenizer.json")


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (having("tokenizer.json", SINGLE), "no config.json: this is no model for transformers"),
        (having("config.json", SINGLE), "no tokenizer"),
        (having(*PARTS), "no weights and no .safetensors"),
        (having(*PARTS, "pytorch_model.bin"), "only pytorch_model.bin and no .safetensors"),
        (having(*PARTS, "m.gguf"), "take a revision or another copy that has them"),
        (having(*PARTS, untold=(SINGLE,)), f"does not tell size and checksum of {SINGLE}"),
    ],
)
def test_what_could_not_be_loaded_is_refused_before_it_comes(told: Listing, says: str) -> None:
    with pytest.raises(HubError) as refused:
        check_parts(told, NAME)
    assert str(refused.value).startswith(f"{NAME}: ")
    assert says in str(refused.value)


def test_the_weights_are_those_that_transformers_takes() -> None:
    shards = [f"model.safetensors-0000{n}-of-00002.safetensors" for n in (1, 2)]
    both = having(*PARTS, SINGLE, INDEX, *shards)
    assert [file.name for file in weight_files(both, NAME)] == [SINGLE]
    index = json.dumps({"weight_map": {"a": shards[1], "b": shards[0], "c": shards[1]}}).encode()
    split = having(*PARTS, INDEX, *shards, "consolidated.safetensors")
    check_parts(split, NAME)
    assert [file.name for file in weight_files(split, NAME, index)] == shards


@pytest.mark.parametrize(
    "listed",
    [
        {"weight_map": {}}, {}, [], None, {"weight_map": ["a"]}, {"weight_map": 7},
        {"weight_map": {"a": "../model.safetensors"}}, {"weight_map": {"a": "gone.safetensors"}},
        {"weight_map": {"a": "config.json"}}, {"weight_map": {"a": ["b"]}},
    ],
)  # fmt: skip
def test_an_index_cannot_name_other_files(listed: Any) -> None:
    told = having(*PARTS, INDEX, "../model.safetensors")
    with pytest.raises(HubError, match=r"lists no weights|which is no weights of it"):
        weight_files(told, NAME, json.dumps(listed).encode())


def test_checksums_are_those_of_git_and_of_sha256() -> None:
    sums = {
        "3b18e512dba79e4c8300dd08aeb37f8e728b8dad": b"hello world\n",
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391": b"",
        "a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a447": b"hello world\n",
    }
    for checksum, content in sums.items():
        assert is_checksum(checksum)
        digest = digest_for(checksum, len(content))
        digest.update(content)
        assert digest.hexdigest() == checksum
    assert not any(map(is_checksum, ("", "main", "g" * 40, "A" * 64, "a" * 41, f"{SHA1}\n")))


# Who asks whom


@pytest.mark.parametrize("name", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_offline_means_that_nothing_is_asked(name: str) -> None:
    with pytest.raises(HubError, match=f"{name} is set, so nothing is asked of the hub; unset it"):
        Account.of({name: "1", "HF_HOME": "/nonexistent"})
    assert Account.of({name: "0", "HF_HOME": "/nonexistent"}).endpoint == HUB


@pytest.mark.parametrize(
    "endpoint",
    ["hub.example", "file:///etc", "ftp://hub", "https://", "https://[", "https://hub:0", "x y"],
)
def test_an_address_that_is_none_is_refused(endpoint: str) -> None:
    with pytest.raises(ConfigError, match="HF_ENDPOINT"):
        Account.of({"HF_ENDPOINT": endpoint, "HF_HOME": "/nonexistent"})


def test_an_address_with_a_password_is_refused_without_saying_it() -> None:
    with pytest.raises(ConfigError) as refused:
        Account.of({"HF_ENDPOINT": "https://me:secret@hub.example", "HF_HOME": "/nonexistent"})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({"HF_TOKEN": " hf_one\n", "HUGGING_FACE_HUB_TOKEN": "hf_two"}, ("hf_one", "HF_TOKEN")),
        ({"HUGGING_FACE_HUB_TOKEN": "hf_two"}, ("hf_two", "HUGGING_FACE_HUB_TOKEN")),
        ({"HF_TOKEN": ""}, ("hf_kept", "HOME/token")),
        ({"HF_TOKEN_PATH": "HOME/other"}, ("hf_other", "HOME/other")),
        ({"HF_TOKEN_PATH": "HOME/empty"}, ("", "")),
        ({"HF_TOKEN_PATH": "HOME/gone"}, ("", "")),
    ],
)
def test_a_token_is_looked_for_where_the_hub_s_own_library_does(
    environment: dict[str, str], found: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("hf_kept\n")
    (tmp_path / "other").write_text("hf_other")
    (tmp_path / "empty").touch()
    home = str(tmp_path)
    named = {name: text.replace("HOME", home) for name, text in environment.items()}
    account = Account.of({"HF_HOME": home, **named})
    assert (account.token, account.token_from) == (found[0], found[1].replace("HOME", home))


@pytest.mark.parametrize("token", ["hf_a b", "hf_\r\nX-Evil: 1", "hf_é", "x" * 600])
def test_what_cannot_be_a_token_is_refused_without_saying_it(token: str) -> None:
    with pytest.raises(ConfigError, match="HF_TOKEN: this is no token") as refused:
        Account.of({"HF_TOKEN": token})
    assert token[:6] not in str(refused.value)


def test_a_token_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "token").mkdir()
    with pytest.raises(ConfigError, match="token cannot be read: Is a directory"):
        Account.of({"HF_HOME": str(tmp_path)})


def test_who_has_no_home_has_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(path: Path) -> Path:
        raise RuntimeError(f"Could not determine home directory of {path}")

    monkeypatch.setattr(Path, "expanduser", homeless)
    assert Account.of({"HF_HUB_CACHE": "/somewhere"}).token == ""
