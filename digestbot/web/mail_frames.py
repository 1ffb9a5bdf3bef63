"""A mail as a page shows it: in a frame that may do nothing, with a policy of its own, for its styles stand in it."""

from __future__ import annotations

from typing import Final

from starlette.responses import HTMLResponse, Response

from ..render import in_dark, in_light
from .guard import POLICY

# Of a page that shows one.
WITH_FRAMES: Final = POLICY.replace("default-src 'none'", "default-src 'none'; frame-src 'self'")


def mail_frame(html: str, look: str = "") -> Response:
    """The mail for a frame: `light` or `dark` for good, else as the browser is.

    Pictures load where the mail has some, for its readers load them too.
    """
    shown = {"light": in_light, "dark": in_dark}.get(look, str)(html)
    pictures = "; img-src http: https:" if "<img " in html else ""
    policy = f"default-src 'none'; style-src 'unsafe-inline'{pictures}; frame-ancestors 'self'; sandbox allow-popups"
    headers = {"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-store"}
    return HTMLResponse(shown, headers=headers)
