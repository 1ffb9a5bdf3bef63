"""The operator's pages: `/admin`."""

from .sections import admin_routes

__all__ = ["admin_routes"]
