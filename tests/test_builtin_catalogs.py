"""The catalogs: every message in every language with every value that changes its grammar."""

import itertools
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from daemon.engines.builtin.catalog import LANGUAGES, Catalog
from daemon.engines.builtin.gist import Kind
from daemon.engines.builtin.keywords import NAMES, translated
from daemon.engines.builtin.say import LONGEST_ALT, say
from tests.forbidden import forbidden
from tests.gists import Listening, fullest, gists

SPACELESS = ("ja", "zh")
# What the code chooses from; a number is tried in every plural form.
CHOICES = {
    "kind": tuple(Kind),
    "how": ("photo", "video"),
    "known": ("both", "near", "when"),
    "precision": ("day", "month", "year"),
    "n": (0.4, 1, 2, 5, 21, 1234),
    "day": (1, 2, 31),
}
PLURALS = ("zero", "one", "two", "few", "many", "other")
# Variables that only choose a form; all others are words, which no language may drop.
FORMS = {"n", "kind", "how", "known", "precision", "names", "colours"}


class Variables(Visitor):
    """Collect variables, and the values that selectors name."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.placed: set[str] = set()
        self.chosen: set[tuple[str, str]] = set()
        self.messages: set[str] = set()

    def visit_Placeable(self, node: ast.Placeable) -> None:
        if isinstance(node.expression, ast.VariableReference):
            self.placed.add(node.expression.id.name)
        self.generic_visit(node)

    def visit_CallArguments(self, node: ast.CallArguments) -> None:
        self.placed |= {v.id.name for v in node.positional if isinstance(v, ast.VariableReference)}
        self.generic_visit(node)

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.used.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:
        self.messages.add(node.id.name)

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:
        assert isinstance(node.selector, ast.VariableReference)
        for variant in node.variants:
            key = variant.key
            value = key.name if isinstance(key, ast.Identifier) else key.value
            self.chosen.add((node.selector.id.name, value))
        self.generic_visit(node)


@cache
def messages(language: str) -> dict[str, ast.Message]:
    source = resources.files("daemon.engines.builtin").joinpath("catalogs", f"{language}.ftl")
    body = FluentParser().parse(source.read_text("utf-8")).body
    assert not [entry for entry in body if isinstance(entry, ast.Junk)]
    found = [entry for entry in body if isinstance(entry, ast.Message)]
    assert len({entry.id.name for entry in found}) == len(found)
    return {entry.id.name: entry for entry in found}


def variables(node: ast.BaseNode) -> Variables:
    visitor = Variables()
    visitor.visit(node)
    return visitor


def shape(message: ast.Message) -> tuple[bool, tuple[str, ...]]:
    return message.value is not None, tuple(a.id.name for a in message.attributes)


def forms(language: str) -> Iterator[tuple[str, dict[str, str | int | float]]]:
    """Name every message and attribute with every combination of what it may choose by."""
    entries = messages(language)
    for name, message in entries.items():
        found = variables(message)
        used = set(found.used).union(*(variables(entries[other]).used for other in found.messages))
        choices = [CHOICES.get(variable, (f"<{variable}>",)) for variable in sorted(used)]
        for values in itertools.product(*choices):
            given = dict(zip(sorted(used), values, strict=True))
            yield name, given
            yield from ((f"{name}.{form.id.name}", given) for form in message.attributes)


@pytest.fixture(scope="module")
def catalogs() -> dict[str, Catalog]:
    return {language: Catalog.load(language) for language in LANGUAGES}


def flaw(text: str, language: str) -> re.Match[str] | None:
    """Find what looks wrong in *text*: leftovers of the catalog, or spaces where none belong."""
    marks = r"[\u2066-\u2069{}$]|None|^\s|\s$|  | [,.;:।、。，；：)）»”]|[(（„] |,,|[,;:]\s*[,;.।]"
    wide = r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uff60]"
    return re.search(f"{marks}|{wide}\\s|\\s{wide}" if language in SPACELESS else marks, text)


def test_there_is_a_catalog_for_every_language_and_no_other() -> None:
    folder = resources.files("daemon.engines.builtin").joinpath("catalogs")
    assert {entry.name for entry in folder.iterdir()} == {f"{name}.ftl" for name in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalog_says_whether_a_native_reader_has_seen_it(language: str) -> None:
    source = resources.files("daemon.engines.builtin").joinpath("catalogs", f"{language}.ftl")
    head = source.read_text("utf-8").split("\n\n")[0].splitlines()
    (reviewed,) = [line for line in head if "native" in line]
    assert re.fullmatch(r"# Reviewed by a native reader: (no|.+, \d{4}-\d\d-\d\d)", reviewed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalog_has_the_same_messages_and_attributes(language: str) -> None:
    english = {name: shape(message) for name, message in messages("en").items()}
    assert {name: shape(message) for name, message in messages(language).items()} == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_drops_a_word_or_asks_for_one_that_is_not_given(language: str) -> None:
    given = heard(language)
    for name, message in messages(language).items():
        words = variables(messages("en")[name]).placed - FORMS
        assert words <= variables(message).placed, name
        assert variables(message).used <= given[name], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_selectors_name_only_what_can_be_chosen(language: str) -> None:
    for name, message in messages(language).items():
        for variable, value in variables(message).chosen:
            numeric = variable in ("n", "day") and (value in PLURALS or value.isdigit())
            assert numeric or value in (*CHOICES[variable], "other"), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_well_formed_with_every_value(
    language: str, catalogs: dict[str, Catalog]
) -> None:
    for name, values in forms(language):
        text = catalogs[language].say(name, **values)
        assert text, name
        assert not flaw(text, language), f"{name}: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_holds_a_forbidden_word(language: str, catalogs: dict[str, Catalog]) -> None:
    for name, values in forms(language):
        assert not forbidden(language).search(catalogs[language].say(name, **values)), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_combination_can_be_said(language: str, catalogs: dict[str, Catalog]) -> None:
    end = {"hi": "।", "ja": "。", "zh": "。"}.get(language, ".")
    for item in gists():
        told = say(item, catalogs[language])
        for text in (told.caption, told.alt):
            assert text.endswith(end)
            assert not flaw(text, language), text
            assert text[0] == text[0].upper()
            assert not forbidden(language).search(text), text
        assert len(told.alt) <= LONGEST_ALT
        assert told.caption.count(f"{end} " if end != "。" else end) <= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_alternative_text_of_much_keeps_the_words_and_the_limit(
    language: str, catalogs: dict[str, Catalog]
) -> None:
    item = fullest()
    told = say(item, catalogs[language])
    assert item.quote is not None
    assert item.quote.text in told.alt
    assert len(told.alt) <= LONGEST_ALT
    assert item.place is not None
    assert item.place in told.caption


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_left_unsaid(language: str) -> None:
    assert set(messages(language)) == set(heard(language))


def test_a_message_that_lacks_a_value_is_an_error(catalogs: dict[str, Catalog]) -> None:
    with pytest.raises(LookupError, match="camera"):
        catalogs["fr"].say("camera")


@cache
def heard(language: str) -> dict[str, set[str]]:
    """Note every message that captions and tags ask for, with the variables given to it."""
    listening = Listening.to(Catalog.load(language))
    for item in gists():
        say(item, listening)
    translated((*NAMES, "near Agra", "text in Spanish"), listening)
    return listening.heard
