"""The request that needs a sound track: find speech in a passage of a film."""

import time

from daemon.engines.builtin.listening import listened as passage
from daemon.engines.builtin.voice import Follower
from daemon.media.opened import opened
from daemon.media.passages import SoundTrack
from daemon.media.stretches import hand_over
from daemon.media.video import opened_film
from daemon.wire import Listen, Listened
from daemon.worker.bench import Bench

_ANY_SIZE = 2**62
"""No picture is decoded."""


def listened(asked: Listen, bench: Bench) -> Listened:
    """Find speech in one passage; none where there is no sound that can be decoded."""
    begun = time.perf_counter()
    asset, follower = asked.asset, bench.kept(Follower)
    with opened(asset.path) as file, opened_film(file, asset.format, _ANY_SIZE) as film:
        track = SoundTrack(film, asset.duration_s, asked.from_s)
        heard = passage(track.blocks(), follower, asked.from_s)
    spoken = heard.spoken if track.understood else ()
    stretches = heard.stretches if track.understood else ()
    sound = hand_over(stretches, bench.setup.scratch) if stretches else None
    return Listened(sound, heard.until_s, spoken, {"listen": time.perf_counter() - begun})
