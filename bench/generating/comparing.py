"""The seed's way and ours on the same assets, in turn: what else the machine does hits both.

The seed's way does one half of its assets before ours and one after. Everything is run once for a
single asset before, and is not counted then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec.structs import replace as altered

from bench.generating import ours, seed
from bench.generating.measuring import Spent, spending, together
from daemon.engines.flores import flores
from daemon.engines.transformers_engine.prefix import alike
from daemon.engines.transformers_engine.speaking import Speaker
from daemon.engines.transformers_engine.translating import Translator
from daemon.engines.transformers_engine.wordpieces import Wordpieces
from daemon.wire import Question
from metadata.asset import Asset

Tokens = tuple[int, ...]
Answers = list[list[Tokens]]


@dataclass(frozen=True, slots=True)
class Compared:
    """What both ways have spent, and how many of the answers that both gave are the same.

    *agreed* is the share of all tokens that come before the first difference of their answer. *own*
    are the tokens that each prompt of an asset does not share with the others, *pictures* are shown
    of each.
    """

    seed: Spent
    ours: Spent
    same: int
    both: int
    agreed: float = 1.0
    own: int = 0
    pictures: int = 1

    @property
    def equal(self) -> float:
        """Give the share of equal answers."""
        return self.same / self.both

    @property
    def times(self) -> float:
        """Tell how many times faster ours is, for an asset."""
        return self.seed.each("seconds") / self.ours.each("seconds")


def asking(
    loaded: Any, asker: Any, assets: Sequence[Asset], few: int, questions: Sequence[Question]
) -> Compared:
    """Describe all *assets* in our way, and *few* of them in the seed's; needs two at least."""
    times_s = [ours.shown(asset, questions).times_s for asset in assets]
    pictures = max(1, len(times_s[0]))

    def theirs(number: int, asked: Sequence[Question]) -> list[Tokens]:
        path = assets[number].path
        if times_s[number]:
            return seed.describe_video(loaded, path, times_s[number], ours.SIDE, asked)
        return seed.describe_image(loaded, path, asked)

    def seed_way(numbers: Sequence[int]) -> tuple[Spent, Answers]:
        with spending(len(numbers), loaded.model, pictures) as spent:
            said = [theirs(number, questions) for number in numbers]
            spent.tokens = sum(len(answer) for each in said for answer in each)
        return spent, said

    def our_way() -> tuple[Spent, Answers]:
        with spending(len(assets), loaded.model, pictures) as spent:
            said = ours.describe(asker, assets, questions, spent)
            spent.tokens = sum(len(answer) for each in said for answer in each)
        return spent, said

    brief = [altered(each, max_tokens=2) for each in questions]
    theirs(0, brief)
    warm = assets if loaded.device.type == "cuda" else assets[:1]
    ours.describe(asker, warm, brief, Spent())
    compared = _in_turn(seed_way, our_way, few)
    _alive(compared[1])
    rests = asker.prepare([ours.shown(assets[0], questions)]).rests
    return replace(_counted(*compared), own=max(map(len, rests)), pictures=pictures)


def translating(
    loaded: Any, texts: Sequence[Sequence[str]], few: int, tags: Sequence[str]
) -> Compared:
    """Say the *texts* of all assets in the languages *tags*, and those of *few* in the seed's way.

    Compared are the first texts of the assets, which are one sentence.
    """
    codes = [code for tag in tags if (code := flores(tag))]
    says = ours.Counted(Speaker(loaded))
    translator = Translator(says, Wordpieces(loaded.processor, loaded.name))
    every = [text for each in texts for text in each]

    def seed_way(numbers: Sequence[int]) -> tuple[Spent, list[list[str]]]:
        with spending(len(numbers), loaded.model) as spent:
            said = [[seed.translate(loaded, text, codes) for text in texts[n]] for n in numbers]
            spent.tokens = sum(len(made) for each in said for text in each for made in text)
        return spent, [[seed.spoken(loaded.processor, made) for made in each[0]] for each in said]

    def our_way() -> tuple[Spent, list[list[str]]]:
        says.pieces = 0
        with spending(len(texts), loaded.model) as spent:
            said = ours.translate(translator, every, tags)
        spent.tokens = says.pieces
        _complete(said, tags)
        return spent, [[one[tag] for tag in tags] for one in said[:: len(texts[0])]]

    seed.translate(loaded, texts[0][0], codes[:1])
    ours.translate(translator, texts[0][:1], tags)
    return _counted(*_in_turn(seed_way, our_way, few))


def rendering(translator: Translator, texts: Sequence[Sequence[str]], tags: Sequence[str]) -> Spent:
    """Measure another translator of ours alone."""
    every = [text for each in texts for text in each]
    ours.translate(translator, every[:1], tags)
    with spending(len(texts)) as spent:
        ours.translate(translator, every, tags)
    return spent


def _in_turn(
    seed_way: Callable[[Sequence[int]], tuple[Spent, Any]],
    our_way: Callable[[], tuple[Spent, Any]],
    few: int,
) -> tuple[list[Spent], list[Any], Spent, list[Any]]:
    half = few - few // 2
    first, said = seed_way(range(half))
    mine, my_words = our_way()
    last, more = seed_way(range(half, few))
    return [first, last], [*said, *more], mine, my_words


def _counted(theirs: list[Spent], said: list[Any], mine: Spent, my_words: list[Any]) -> Compared:
    pairs = [
        pair
        for one, other in zip(said, my_words, strict=False)
        for pair in zip(one, other, strict=True)
    ]
    same = sum(one == other for one, other in pairs)
    agreed = sum(alike(one, other) for one, other in pairs) / sum(len(one) for one, _ in pairs)
    return Compared(together(theirs), mine, same, len(pairs), agreed)


def _alive(said: Answers) -> None:
    """Make sure that answers depend on what is seen: else equal ones would prove nothing."""
    if len({tuple(each) for each in said}) < len(said):
        raise RuntimeError("different pictures got the same answers: these weights prove nothing")


def _complete(said: Sequence[dict[str, str]], tags: Sequence[str]) -> None:
    """Make sure that nothing was left out, which would be quicker than to say it."""
    if any(set(each) != set(tags) for each in said):
        raise RuntimeError("some texts have no translation: these weights prove nothing")
