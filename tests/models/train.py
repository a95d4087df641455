"""Train one of the tests' models: ``python -m tests.models.train translation OUT --minutes 3``."""

import argparse
import sys
from pathlib import Path

import torch  # noqa: TID253


def main(arguments: list[str]) -> None:
    """Train what is asked for, then say how much of the frozen sets it gets right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("mllama", "video", "translation"))
    parser.add_argument("folder", type=Path, help="where the checkpoint goes")
    parser.add_argument("--minutes", type=float, default=45.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--measure", action="store_true", help="only measure what is in folder")
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    room = _room(given.what)
    if not given.measure:
        room.train(given.what, given.folder, given.minutes)
    for name, share in room.measure(given.what, given.folder).items():
        print(f"{name:24} {share:.3f}")


def _room(what):
    if what == "translation":
        from tests.models import translating

        return translating
    from tests.models import seeing

    return seeing


if __name__ == "__main__":
    main(sys.argv[1:])
