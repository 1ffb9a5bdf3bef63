"""The only reader of the environment and the configuration file."""

from .load import (
    WEEKEND,
    ConfigFingerprint,
    Loaded,
    config_fingerprint,
    delivery_problems,
    find_config,
    load,
    problem_with,
)
from .options import DigestSettings, FetchSettings, Settings, SlackSettings, SmtpSettings, TopicSettings

__all__ = [
    "WEEKEND",
    "ConfigFingerprint",
    "DigestSettings",
    "FetchSettings",
    "Loaded",
    "Settings",
    "SlackSettings",
    "SmtpSettings",
    "TopicSettings",
    "config_fingerprint",
    "delivery_problems",
    "find_config",
    "load",
    "problem_with",
]
