"""Which catalog a language tag asks for."""

import pytest

from daemon.engines.languages import catalog_for

CATALOGS = ("en", "es", "hi", "ja", "pt", "zh")


@pytest.mark.parametrize(
    "tag",
    ["", "de", "esp", "x-es", "zh-Hant", "zh-TW", "zh_HK", "ZH-MO", "zh-Hant-CN", "hi-Latn",
     "ja-Latn", "yue", "es-Cyrl"],
)  # fmt: skip
def test_nobody_is_given_a_language_or_script_that_was_not_asked_for(tag: str) -> None:
    assert catalog_for(tag, CATALOGS) is None


@pytest.mark.parametrize(
    ("tag", "catalog"),
    [
        ("es-MX", "es"), ("es_419", "es"), ("EN-us", "en"), ("pt-PT", "pt"), ("pt-BR", "pt"),
        ("hi-Deva-IN", "hi"), ("ja-JP", "ja"), ("ja-Jpan", "ja"), ("zh", "zh"), ("zh-CN", "zh"),
        ("zh-SG", "zh"), ("zh-Hans-TW", "zh"), ("de-1996", None), ("es-valencia", "es"),
    ],
)  # fmt: skip
def test_a_variant_has_the_catalog_of_its_language(tag: str, catalog: str | None) -> None:
    assert catalog_for(tag, CATALOGS) == catalog
