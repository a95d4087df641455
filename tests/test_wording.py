import pytest

from daemon.engines.transformers_engine.wording import loops, polished

POLISHED = [
    ("Ein Kreis.", "circle", "deu_Latn", "Ein Kreis"),
    ("Cercle.", "circle", "fra_Latn", "cercle"),
    ("ADN.", "dna", "fra_Latn", "ADN"),
    ("Paris", "Paris", "fra_Latn", "Paris"),
    ("वृत्त।", "circle", "hin_Deva", "वृत्त"),
    ("圆。", "circle", "zho_Hans", "圆"),
    ("Işık.", "light", "tur_Latn", "ışık"),
    ("İnce", "thin", "tur_Latn", "ince"),
    ("Un chien.", "A dog.", "fra_Latn", "Un chien."),
    ("Et puis...", "and then", "fra_Latn", "et puis..."),
    (" Un  chien \n", "A dog", "fra_Latn", "Un chien"),
    ("", "a", "fra_Latn", ""),
]


@pytest.mark.parametrize(("said", "asked", "code", "right"), POLISHED)
def test_full_stops_and_capitals_that_were_added_go(
    said: str, asked: str, code: str, right: str
) -> None:
    assert polished(said, asked, code) == right


def test_loops_are_told_from_what_the_source_repeats() -> None:
    assert loops([1, 2, 3, 4, 5, 4, 5, 4, 5, 4, 5], [1, 2, 3])
    assert loops([7, 7, 7, 7], [7, 7])
    assert not loops([7, 7, 7, 7], [9, 9, 9, 9, 9])
    assert not loops([1, 2, 1, 2, 3, 3, 3], [1])
    assert not loops([], [1])
