"""Requests that read and write metadata: each is one call of metadata.sidecar."""

from daemon.wire import Compare, Place, Prepare, Read, Strip
from daemon.worker.bench import Bench
from metadata import compare, sidecar
from metadata.change import Placed, Prepared
from metadata.description import Record
from metadata.difference import Difference


def read(asked: Read, bench: Bench) -> Record:
    """Read what the files say."""
    return sidecar.read(bench.exiftool, asked.asset, asked.rules)


def prepared(asked: Prepare, bench: Bench) -> Prepared:
    """Merge a description with what the files say."""
    return sidecar.prepare(
        bench.exiftool, asked.asset, asked.description, asked.rules, asked.base, asked.within
    )


def placed(asked: Place, bench: Bench) -> Placed:
    """Make one change."""
    return sidecar.place(asked.change)


def stripped(asked: Strip, bench: Bench) -> Prepared:
    """Take our values out of one file."""
    return sidecar.strip(
        bench.exiftool, asked.asset, asked.target, asked.base, asked.fields, asked.rules
    )


def compared(asked: Compare, bench: Bench) -> Difference:
    """Tell what would be different in a file."""
    return compare.compared(bench.exiftool, asked.asset, asked.target, asked.staged)
