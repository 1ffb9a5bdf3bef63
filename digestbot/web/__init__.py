"""What a browser is shown: the live preview."""

from .live import Live
from .rehearsal import Rehearsal, watch

__all__ = ["Live", "Rehearsal", "watch"]
