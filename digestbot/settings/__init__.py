"""The only reader of the environment and the configuration file."""

from .lists import WEEKDAYS, ListSettings
from .load import (
    WEEKEND,
    ConfigFingerprint,
    Loaded,
    config_fingerprint,
    find_config,
    load,
    loaded_from,
    problem_with,
    problems_with,
    xdg_folder,
)
from .options import CHANNELS, DigestSettings, FeedSettings, FetchSettings, Settings, TopicSettings
from .recipients import LIST, split_lists
from .secret_files import secrets_in
from .weekly import is_weekly

__all__ = [
    "CHANNELS",
    "LIST",
    "WEEKDAYS",
    "WEEKEND",
    "ConfigFingerprint",
    "DigestSettings",
    "FeedSettings",
    "FetchSettings",
    "ListSettings",
    "Loaded",
    "Settings",
    "TopicSettings",
    "config_fingerprint",
    "find_config",
    "is_weekly",
    "load",
    "loaded_from",
    "problem_with",
    "problems_with",
    "secrets_in",
    "split_lists",
    "xdg_folder",
]
