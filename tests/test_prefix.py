"""What prompts have in common, token by token."""

from daemon.engines.transformers_engine.prefix import cut, grown


class TestPrefix:
    def test_places_are_put_into_other_prompts(self) -> None:
        short, full = (1, 2, 50, 3, 4), (1, 2, 50, 50, 50, 3, 4)
        assert grown(short, full, (1, 2, 50, 9, 8, 7)) == (1, 2, 50, 50, 50, 9, 8, 7)
        assert grown(short, (0, *short), (1, 2, 50, 9)) == (0, 1, 2, 50, 9)
        assert grown(short, short, (1, 2, 50, 9, 8)) == (1, 2, 50, 9, 8)  # a Llama's template
        assert grown((1, 50, 3), (1, 60, 60, 3), (1, 70, 3)) is None

    def test_cut_after_the_picture_and_before_the_last_token(self) -> None:
        shared = cut([[(1, 50, 3, 4, 5), (1, 50, 3, 4)], [(50, 3, 6), (50, 3, 7)]], frozenset({50}))
        assert shared is not None and shared.dropped == 2
        assert shared.rests == (((4, 5), (4,)), ((3, 6), (3, 7)))
        assert cut([[(1, 50, 3), (2, 50, 3)]], frozenset({50})) is None
        assert cut([[(7,), (7,)]], frozenset({50})) is None
