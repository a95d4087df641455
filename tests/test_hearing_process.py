"""A Whisper in a real engine process: sounds come from their files, in a sandbox, and are told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_process import EngineProcess
from planted import asset_at

from daemon.engines.profiles import Installed, Model, Models
from daemon.media.stretches import hand_over, pcm
from daemon.wire import Transcribe
from tests.tiny_whisper import tone, whisper


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    folder = whisper(tmp_path_factory.mktemp("whisper") / "whisper", steady=True)
    speech = Installed(Model(name="whisper"), folder, "whisper@1")
    process = EngineProcess(
        tmp_path_factory.mktemp("host"),
        engine="daemon.engines.transformers_engine",
        models=Models(speech=speech),
    )
    yield process
    process.close()


def asked(
    host: EngineProcess, name: str, starts_s: tuple[float, ...], language: str | None = None
) -> Transcribe:
    sounds = [(start_s, pcm(tone(300 + start_s, 4))) for start_s in starts_s]
    return Transcribe(asset_at(Path(f"/hot/{name}.mp4")), hand_over(sounds, host.scratch), language)


def test_each_film_gets_its_own_lines_in_its_own_seconds(host: EngineProcess) -> None:
    films = asked(host, "one", (2.0, 400.5), "de-AT"), asked(host, "two", (7.25,), "tlh")
    one, two = host.transcribed(host.ask(*films))
    assert one.language == "de-AT"
    assert two.language in ("en", "zh", "de", "es", "no", "jv", "haw", None)
    assert {line.lang for line in one.lines} == {"de-AT"}
    starts = [line.start_s for line in one.lines]
    assert starts == sorted(starts)
    assert {2.0 <= start_s < 6.0 or 400.5 <= start_s < 404.5 for start_s in starts} == {True}
    assert any(start_s < 6 for start_s in starts) and any(start_s > 400 for start_s in starts)
    assert all(7.25 <= line.start_s < line.end_s <= 11.25 for line in two.lines) and two.lines
    assert one.seconds["transcribe"] > 0


def test_a_film_whose_sound_is_gone_is_nobodys_fault(host: EngineProcess) -> None:
    film = asked(host, "gone", (0.0,))
    film.sound.path.unlink()
    (failure,) = host.failures(host.ask(film))
    assert failure.reason is None and "it is listened to again" in failure.detail
