"""Digests as files in a folder."""
