"""Email through one SMTP server."""

from .plugin import EmailPlugin

CHANNELS = (EmailPlugin(),)
