import pytest

from daemon.engines.flores import codes, flores

ASKED = {
    "es": "spa_Latn", "fr": "fra_Latn", "hi": "hin_Deva", "de": "deu_Latn", "ja": "jpn_Jpan",
    "zh": "zho_Hans", "zh-CN": "zho_Hans", "zh-TW": "zho_Hant", "zh-HK": "zho_Hant",
    "zh-Hant": "zho_Hant", "zh-Hans-TW": "zho_Hans", "zh-Hant-CN": "zho_Hant",
    "zh-yue": "yue_Hant", "pt-BR": "por_Latn", "pt_PT": "por_Latn", "es-419": "spa_Latn",
    "sr": "srp_Cyrl", "sr-Cyrl-RS": "srp_Cyrl", "no": "nob_Latn", "nb-NO": "nob_Latn",
    "nn": "nno_Latn", "ar-EG": "arb_Arab", "arz": "arz_Arab", "ar-arz": "arz_Arab",
    "fa": "pes_Arab", "fa-AF": "prs_Arab", "ku": "kmr_Latn", "ku-IQ": "ckb_Arab",
    "az-IR": "azb_Arab", "ko-Kore": "kor_Hang", "sat-Olck": "sat_Beng", "sq": "als_Latn",
    "fil": "tgl_Latn", "iw": "heb_Hebr", "deu": "deu_Latn", "zho_Hant": "zho_Hant",
    "de-CH-1996": "deu_Latn", "de-x-fra": "deu_Latn", "ES-mx": "spa_Latn", "kas-Deva": "kas_Deva",
}  # fmt: skip
UNREADABLE = ("sr-Latn", "hi-Latn", "zh-Latn", "pa-Arab", "pa-PK", "mn-CN", "uz-AF", "sd-IN")


@pytest.mark.parametrize(("tag", "code"), ASKED.items())
def test_a_tag_has_the_code_of_its_language_and_script(tag: str, code: str) -> None:
    assert flores(tag) == code


@pytest.mark.parametrize("tag", UNREADABLE)
def test_no_reader_is_given_a_script_of_others(tag: str) -> None:
    assert flores(tag) is None


@pytest.mark.parametrize("tag", ["tlh", "xx", "", "-", "x-default", "und", "german"])
def test_what_is_no_language_of_the_model_has_no_code(tag: str) -> None:
    assert flores(tag) is None


def test_the_codes_are_those_of_the_tokenizer() -> None:
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

    assert codes() == set(FAIRSEQ_LANGUAGE_CODES)
    assert {flores(code) for code in codes()} == codes()
