"""Guards of the package: its import names, its version, and what stands in the wheel."""

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize("name", ["daemon", "metadata", "prompts"])
def test_nobody_else_owns_our_import_names(name: str) -> None:
    owners = importlib.metadata.packages_distributions().get(name, [])
    assert set(owners) <= {"captiond"}, (
        f"{owners} share the import name {name}; captiond needs a virtual environment of its own"
    )


def test_the_version_is_the_newest_in_the_changelog() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert newest is not None
    assert newest[1] == PROJECT["version"]


def test_every_dependency_is_explained_in_the_decisions() -> None:
    text = (ROOT / "docs/decisions.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^## (\S+)$", text, re.M))
    needed = {re.split(r"[<>=!~\[; ]", line, maxsplit=1)[0] for line in PROJECT["dependencies"]}
    assert needed <= explained, f"docs/decisions.md does not explain {sorted(needed - explained)}"


def test_only_torch_is_constrained() -> None:
    lines = (ROOT / "scripts/constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == ["torch==2.13.0"]


def test_continuous_integration_runs_what_the_readme_says() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "exec ./scripts/test\n" in script
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"^\./scripts/test\b", readme, re.M)
