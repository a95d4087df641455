"""A conversation with one server about one asset, step by step: bodies out, completions in.

It yields the body of each request and is sent the completion; where the server refuses one,
Refused is thrown in, and it tries in another manner or lets that pass.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from daemon.engines.openai_engine import answers, bodies
from daemon.engines.openai_engine.bodies import Shot, Style
from daemon.engines.openai_engine.completions import Completion
from daemon.engines.openai_engine.habits import Habits, Manner, Refused
from daemon.wire import Question, Reply
from metadata.stats import Tokens, total

FREER, STRICT = 0.3, 0.0
"""Temperatures for a second answer: another one than the first, which was mostly greedy."""
Make = Callable[[Manner], bytes]


@dataclass(frozen=True, slots=True)
class Asked:
    """The replies in the order of the questions, and the tokens of all requests."""

    replies: tuple[Reply, ...]
    tokens: Tokens | None


class Talk:
    """Requests to one server by its *habits*, and what they cost."""

    def __init__(self, habits: Habits) -> None:
        self.habits = habits
        self._tokens: list[Tokens | None] = []

    @property
    def tokens(self) -> Tokens | None:
        """Add up what all answers cost."""
        return total(self._tokens)

    def ask(self, make: Make, formed: bool = False) -> Generator[bytes, Completion, Completion]:
        """Have one request answered, made anew in each manner; raises Refused when none will do."""
        while True:
            manner = self.habits.manner
            try:
                said = yield make(manner)
            except Refused as refused:
                if not self.habits.gave_in(manner, refused, formed):
                    raise
                continue
            self._tokens.append(said.tokens)
            if said.whole or not said.thought or manner.thinks:
                return said
            self.habits.thinks()


def asked(
    shot: Shot, questions: Sequence[Question], again: bool, style: Style, habits: Habits
) -> Generator[bytes, Completion, Asked]:
    """Put *questions* about *shot*: together, or one by one where they are asked *again*.

    So are those that share no preamble with others, and all of them where an answer has no form.
    """
    talk, style = Talk(habits), other(style) if again else style
    given: dict[str, Reply] = {}
    for preamble, group in groupby(questions, key=lambda question: question.preamble):
        alike = tuple(group)
        if len(alike) > 1 and preamble and not again:
            given |= yield from _together(shot, alike, style, talk)
        for question in alike:
            if question.task not in given:
                said = yield from talk.ask(_alone(shot, question, style))
                given[question.task] = answers.reply(question, said)
    return Asked(tuple(given[question.task] for question in questions), talk.tokens)


def other(style: Style) -> Style:
    """Give the style of a second attempt."""
    return replace(style, temperature=FREER if style.temperature < FREER else STRICT)


def _together(
    shot: Shot, questions: tuple[Question, ...], style: Style, talk: Talk
) -> Generator[bytes, Completion, dict[str, Reply]]:
    """Give the replies by task; none where the model does not answer in any form."""
    habits = talk.habits
    if habits.manner.form == "single":
        return {}
    said = yield from talk.ask(_all(shot, questions, style), formed=True)
    found = answers.replies(questions, said)
    if found is None:
        habits.missed(habits.manner)
        return {}
    habits.heard()
    return {reply.task: reply for reply in found}


def _all(shot: Shot, questions: tuple[Question, ...], style: Style) -> Make:
    return lambda manner: bodies.together(shot, questions, style, manner)


def _alone(shot: Shot, question: Question, style: Style) -> Make:
    return lambda manner: bodies.alone(shot, question, style, manner)
