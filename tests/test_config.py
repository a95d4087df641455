"""The configuration: read, anchored, overlaid, and refused in one line that says where and what."""

from pathlib import Path

import pytest

from daemon.config import Config, load
from daemon.starter import STARTER
from daemon.toml_keys import ConfigError, line_of
from metadata.change import SidecarName, Write

ENDPOINT = '[[engine.endpoints]]\nurl = "http://box/v1"\nmodel = "m"\n'


def written(folder: Path, text: str) -> Path:
    place = folder / "captiond.toml"
    place.write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[folders]]\npath = "a"\nsetle_s = 3\n', "line 3: unknown key folders.setle_s; did you"),
        ('langages = ["es"]\n', "line 1: unknown key langages; did you mean languages?"),
        ("[engin]\n", "unknown key engin; did you mean engine?"),
        ('max_pixels = "many"\n', "line 1: max_pixels: Expected `int`, got `str`"),
        ('[[folders]]\npath = "a"\nsettle_s = "x"\n', "line 3: folders[0].settle_s"),
        ('[engine]\nuse = "magic"\n', "line 2: engine.use"),
        ('[[folders]]\npath = "a"\ndam = "picasa"\n', "line 3: dam: "),
        ('[[folders]]\npath = "a"\n[[folders]]\npath = "./a"\n', "stands there twice"),
        ('tasks = ["captions"]\n', "line 1: tasks: "),
        ('state_dir = "in/state"\n[[folders]]\npath = "in"\n', "line 1: state_dir: "),
        ("settle = \n", "not valid TOML"),
        ("[engine]\ntemperature = -0.1\n", "line 2: engine.temperature: "),
        ("[engine]\nmax_tokens = 0\n", "line 2: engine.max_tokens: "),
        ("[engine]\nidle_unload_s = -1\n", "line 2: engine.idle_unload_s: "),
        ("[engine]\nvideo_frames = 40\n", "line 2: engine.video_frames: take 8 to 32"),
        ('[engine]\nquantize = "int4"\n', "line 2: engine.quantize: "),
        ('prompts_dir = "nowhere"\n', "line 1: prompts_dir: "),
        ('vocabulary = "nowhere.txt"\n', "line 1: vocabulary: "),
        ('vocabulary_mode = "only"\n', 'line 1: vocabulary_mode: "only" needs a list; set vocab'),
        ('[engine]\nuse = "openai"\n', 'line 2: engine.use: "openai" asks a server: add [[eng'),
        (ENDPOINT + 'api_key = "sk-1"\n', "line 4: unknown key engine.endpoints.api_key; a key is"),
        (ENDPOINT + "timeout = 3\n", "engine.endpoints.timeout; did you mean timeout_s?"),
        (ENDPOINT + "concurrency = 0\n", "line 4: engine.endpoints.concurrency: takes 1 to 256"),
        (ENDPOINT + "side = 9000\n", "line 4: engine.endpoints.side: takes 64 to 8192"),
        (ENDPOINT + "weight = 0\n", "line 4: engine.endpoints.weight: "),
        (ENDPOINT + "timeout_s = 0\n", "line 4: engine.endpoints.timeout_s: "),
        (ENDPOINT + 'api_key_env = "sk-1"\n', "api_key_env: it takes the name of a variable"),
        (ENDPOINT.replace("http", "ftp"), "line 2: engine.endpoints.url: it must begin with http"),
        (ENDPOINT.replace("://", "://me:secret@"), "no name and no password may stand in it"),
        (ENDPOINT.replace("/v1", "/v1?a=b"), "without ? or #"),
        (ENDPOINT.replace("/v1", ":99999/v1"), "this is no URL: "),
        (ENDPOINT.replace("/v1", "/\u0000v1"), "not valid TOML"),
        (ENDPOINT.replace("/v1", " /v1"), "neither blanks nor"),
        (ENDPOINT.replace('"m"', '""'), "line 3: engine.endpoints.model: name the model"),
    ],
)
def test_what_is_wrong_is_refused_with_line_and_remedy(
    tmp_path: Path, text: str, says: str
) -> None:
    place = written(tmp_path, text)

    with pytest.raises(ConfigError) as refused:
        load(place, {})

    assert str(place) in str(refused.value)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing\.toml"):
        load(tmp_path / "nothing.toml", {})


def test_relative_paths_start_at_the_file_and_defaults_fill_the_rest(tmp_path: Path) -> None:
    place = written(
        tmp_path,
        'state_dir = "state"\n[[folders]]\npath = "in"\nwrite = "none"\nsidecar_name = "replace"\n',
    )

    config = load(place, {})

    assert config.state_dir == tmp_path / "state"
    assert config.folders[0].path == tmp_path / "in"
    rules = config.rules_for(tmp_path / "in/sub/a.jpg")
    assert (rules.write, rules.sidecar_name) == (Write.NONE, SidecarName.REPLACE)
    assert config.rules_for(tmp_path / "elsewhere.jpg").write is Write.SIDECAR
    assert config.languages == ("es", "fr", "hi")


def test_own_prompts_lie_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()

    config = load(written(tmp_path, 'prompts_dir = "mine"\n'), {})

    assert config.prompts_dir == str(tmp_path / "mine")


def test_the_vocabulary_lies_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("dog\n")
    text = 'vocabulary = "words.txt"\nvocabulary_mode = "only"\n'

    config = load(written(tmp_path, text), {})

    assert config.vocabulary == str(tmp_path / "words.txt")


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    place = written(tmp_path, 'state_dir = "state"\nmax_pixels = 7\n[engine]\nuse = "auto"\n')
    environment = {
        "CAPTIOND_STATE_DIR": str(tmp_path / "other"),
        "CAPTIOND_ENGINE__USE": "builtin",
        "CAPTIOND_LANGUAGES": '["de"]',
        "HOME": "/nowhere",
    }

    config = load(place, environment)

    assert config.state_dir == tmp_path / "other"
    assert config.engine.use == "builtin"
    assert config.languages == ("de",)
    assert config.max_pixels == 7


def test_an_unknown_variable_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"CAPTIOND_STATEDIR.*did you mean state_dir"):
        load(None, {"CAPTIOND_STATEDIR": "/x", "XDG_CONFIG_HOME": "/nowhere"})


def test_the_services_state_folder_is_systemds(tmp_path: Path) -> None:
    place = written(tmp_path, "")

    config = load(place, {"STATE_DIRECTORY": "/var/lib/captiond:/var/lib/other"})

    assert config.state_dir == Path("/var/lib/captiond")


def test_folder_arguments_replace_the_folders_and_keep_their_settings(tmp_path: Path) -> None:
    place = written(tmp_path, '[[folders]]\npath = "in"\nsettle_s = 9\n[[folders]]\npath = "b"\n')

    config = load(place, {}).with_folders((tmp_path / "in", tmp_path / "new"))

    assert [(f.path.name, f.settle_s) for f in config.folders] == [("in", 9.0), ("new", 2.0)]


def test_a_file_belongs_to_the_innermost_folder(tmp_path: Path) -> None:
    place = written(tmp_path, '[[folders]]\npath = "a"\n[[folders]]\npath = "a/b"\n')

    config = load(place, {})

    innermost = config.folder_of(tmp_path / "a/b/c.jpg")
    assert innermost is not None
    assert innermost.path == tmp_path / "a/b"
    assert config.folder_of(tmp_path / "ab.jpg") is None


def test_the_starter_is_valid_as_it_is_and_with_every_key_in_force(tmp_path: Path) -> None:
    keys = "\n".join(
        line[1:] if line.startswith("#") and (" = " in line or line[1:2] == "[") else line
        for line in STARTER.splitlines()
    )

    assert load(written(tmp_path, STARTER), {}).folders == ()
    in_force = load(written(tmp_path, keys), {})

    assert in_force.folders[0].path == Path("~/Pictures/inbox").expanduser()
    assert in_force.languages == Config().languages


def test_lines_are_found_in_tables_and_lists_of_tables() -> None:
    text = 'a = 1\n[engine]\nuse = "x"\n[[folders]]\npath = "p"\n'

    assert line_of(text, "engine.use") == 3
    assert line_of(text, "folders[0].path") == 5
    assert line_of(text, "folders") == 4
    assert line_of(text, "nothing") == 0
