"""Pages for a browser: the live preview."""

from .live_preview import PreviewSession, watch
from .preview_server import PreviewServer

__all__ = ["PreviewServer", "PreviewSession", "watch"]
