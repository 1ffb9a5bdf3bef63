"""What a browser is shown: the live preview."""

from .live_preview import Rehearsal, watch
from .preview_server import Live

__all__ = ["Live", "Rehearsal", "watch"]
