"""One described library for all tests here, each tool's reading of it, and the report of both."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conformance import darktable, digikam
from tests.conformance.library import WAYS, described
from tests.conformance.shown import Listed, rows
from tests.running import Captiond

Tables = Mapping[str, Listed]
Report = list[str]
_REPORT = pytest.StashKey[Report]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_REPORT] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what each tool lists, also where all tests pass."""
    report = terminalreporter.config.stash[_REPORT]
    if report:
        terminalreporter.section("what each tool lists")
        terminalreporter.write_line("\n".join(report))


@pytest.fixture(scope="session")
def report(pytestconfig: pytest.Config) -> Report:
    return pytestconfig.stash[_REPORT]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Captiond:
    return described(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="session")
def in_darktable(
    library: Captiond, tmp_path_factory: pytest.TempPathFactory, report: Report
) -> Tables:
    needed("darktable", darktable.NEEDS)
    home = tmp_path_factory.mktemp("darktable")
    found = {way: darktable.Darktable(home / way).reads(library.inbox / way) for way in WAYS}
    return reported(f"darktable {darktable.version()}", found, report)


@pytest.fixture(scope="session")
def in_digikam(
    library: Captiond, tmp_path_factory: pytest.TempPathFactory, report: Report
) -> Tables:
    needed("digiKam", digikam.NEEDS)
    folders = {way: library.inbox / way for way in WAYS}
    tool = digikam.DigiKam(tmp_path_factory.mktemp("digikam"), folders)
    return reported(f"digiKam {digikam.version()}", tool.reads(), report)


def needed(tool: str, programs: tuple[str, ...]) -> None:
    """Leave a test out where a tool is not installed, and say so."""
    missing = ", ".join(name for name in programs if shutil.which(name) is None)
    if missing:
        pytest.skip(f"{tool} is not tested: no {missing}; ./scripts/conformance installs it")


def reported(tool: str, tables: Tables, report: Report) -> Tables:
    for place, listed in tables.items():
        report += rows(tool, place, listed)
    return tables


@pytest.fixture
def hot(library: Captiond) -> Path:
    return library.inbox
