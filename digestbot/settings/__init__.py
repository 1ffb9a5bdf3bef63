"""The only reader of the environment and the configuration file."""

from .load import (
    WEEKEND,
    ConfigFingerprint,
    Loaded,
    config_fingerprint,
    find_config,
    load,
    problem_with,
    problems_with,
    xdg_folder,
)
from .options import CHANNELS, DigestSettings, FeedSettings, FetchSettings, Settings, TopicSettings
from .secret_files import secrets_in

__all__ = [
    "CHANNELS",
    "WEEKEND",
    "ConfigFingerprint",
    "DigestSettings",
    "FeedSettings",
    "FetchSettings",
    "Loaded",
    "Settings",
    "TopicSettings",
    "config_fingerprint",
    "find_config",
    "load",
    "problem_with",
    "problems_with",
    "secrets_in",
    "xdg_folder",
]
