"""Notifications on phones and desktops, through ntfy.sh or an ntfy server of one's own."""

from .plugin import NtfyPlugin

CHANNELS = (NtfyPlugin(),)
