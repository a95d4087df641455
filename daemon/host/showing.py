"""Requests as a model sees them: the pictures of an asset from their file, or texts to be said."""

from collections.abc import Iterable, Mapping, Sequence

from daemon.engines import EngineError
from daemon.engines.hosted import Shown, Worded, Wording
from daemon.engines.profiles import Installed, Models
from daemon.host.buckets import Duty
from daemon.media.frames import Picture
from daemon.media.sheets import outlines, read_sheets
from daemon.wire import Consult, Modelled, Render, Rendered, Transcribe, Transcribed
from metadata.asset import MediaKind
from metadata.stats import total


def duty_of(asked: Modelled, models: Models) -> Duty | None:
    """Say which model does it; None where there is none."""
    if isinstance(asked, Render):
        return Duty(models.translation, "renders") if models.translation else None
    if isinstance(asked, Transcribe):
        return Duty(models.speech, "hears") if models.speech else None
    video = kind_of(asked) is MediaKind.VIDEO and models.video
    installed: Installed | None = video or models.image
    return Duty(installed) if installed else None


def kind_of(asked: Consult) -> MediaKind:
    """Say what a model sees: pictures with times are a video.

    Words alone are for the model that has seen their asset, which most likely is still loaded.
    """
    if asked.views is None:
        return asked.asset.kind
    return MediaKind.VIDEO if asked.views.times_s else MediaKind.IMAGE


def shown(asked: Consult) -> Shown:
    """Give the asset with its pictures; raises EngineError where they are not in their file."""
    if asked.views is None:
        return _shown(asked, ())
    try:
        return _shown(asked, read_sheets(asked.views))
    except (OSError, ValueError) as error:
        told = f"{asked.views.path} does not hold the pictures of {asked.asset.path}: {error}"
        raise EngineError(f"{told}; they are made again") from error


def outline(asked: Consult) -> Shown:
    """Give the asset with pictures of the right sizes that take no memory and show nothing."""
    return _shown(asked, outlines(asked.views) if asked.views else ())


def weight_of(asked: Modelled) -> int:
    """Count the places that *asked* fills in a batch: assets, texts, or stretches of speech."""
    if isinstance(asked, Transcribe):
        return len(asked.sound.stretches)
    return len(asked.texts) + len(asked.words) if isinstance(asked, Render) else 1


def nothing(asked: Modelled) -> Rendered | Transcribed:
    """Answer *asked*, which has nothing to be said or heard."""
    if isinstance(asked, Transcribe):
        return Transcribed((), asked.language, {})
    return Rendered((), {}, {})


def wordings(asked: Render) -> list[Wording]:
    """List what is to be said, in order: texts, then keywords."""
    texts = [Wording(text, asked.languages) for text in asked.texts]
    return texts + [Wording(word, langs, keyword=True) for word, langs in asked.words.items()]


def rendered(asked: Render, said: Mapping[Wording, Worded], seconds: dict[str, float]) -> Rendered:
    """Put together what was *said* of the wordings of *asked*."""
    there = [said.get(wording) for wording in wordings(asked)]
    each = [worded.said if worded else {} for worded in there]
    words = zip(asked.words, each[len(asked.texts) :], strict=True)
    tokens = total(worded.tokens if worded else None for worded in there)
    return Rendered(tuple(each[: len(asked.texts)]), dict(words), seconds, tokens)


def distinct(batch: Iterable[Render]) -> list[Wording]:
    """List what is to be said for all of *batch*, each once; one without languages is not said."""
    every = (wording for asked in batch for wording in wordings(asked))
    return list(dict.fromkeys(wording for wording in every if wording.languages))


def _shown(asked: Consult, pictures: Sequence[Picture]) -> Shown:
    times_s = asked.views.times_s if asked.views else ()
    return Shown(kind_of(asked), tuple(pictures), times_s, asked.questions, asked.again)
