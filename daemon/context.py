"""What is known of an asset before a model is asked about it: true, and only ever quoted."""

from dataclasses import dataclass

from metadata.asset import Asset
from metadata.description import Description


@dataclass(frozen=True, slots=True)
class Known:
    """What the file, its folder and its owner tell, and what was measured, read and heard.

    *keywords* and *caption* are a human's, *author* is who made it by its own metadata; *said* has
    text, transcript and facts, and after a first round what a model has said. *heard* tells that
    speech was looked for, so that its absence means silence.
    """

    asset: Asset
    said: Description
    keywords: tuple[str, ...] = ()
    caption: str | None = None
    author: str | None = None
    heard: bool = False
