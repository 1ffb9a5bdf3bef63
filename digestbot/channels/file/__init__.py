"""Digests as files in a folder."""

from .plugin import FilePlugin

CHANNELS = (FilePlugin(),)
