"""Files that workers hand over: they count only where workers may put them.

A decoder may be hijacked, and must not choose what the daemon reads or removes.
"""

from pathlib import Path

from daemon.wire import SHEETS, SOUND, Sheets
from metadata.asset import Asset, AssetError, shown
from metadata.reasons import Reason


def is_handed(path: Path, scratch: Path) -> bool:
    """Tell whether *path* is a file that workers make for each other in the *scratch* folder."""
    return path.parent == scratch and path.name.startswith((SHEETS, SOUND))


def checked(asset: Asset, sheets: Sheets | None, scratch: Path) -> Sheets | None:
    """Give *sheets* of *asset* back; raises AssetError when they lie elsewhere."""
    if sheets and not is_handed(sheets.path, scratch):
        told = f"its worker handed over {shown(sheets.path)}"
        raise AssetError(asset.path, Reason.CRASHED, told)
    return sheets
