"""The only reader of the environment and the configuration file."""

from .load import Loaded, delivery_problems, find_config, load
from .options import DigestSettings, FetchSettings, Settings, SlackSettings, SmtpSettings

__all__ = [
    "DigestSettings",
    "FetchSettings",
    "Loaded",
    "Settings",
    "SlackSettings",
    "SmtpSettings",
    "delivery_problems",
    "find_config",
    "load",
]
