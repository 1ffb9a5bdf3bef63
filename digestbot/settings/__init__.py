"""The only reader of the environment and the configuration file."""

from .load import WEEKEND, Loaded, Stamp, delivery_problems, find_config, load, problem_with, stamp
from .options import DigestSettings, FetchSettings, Settings, SlackSettings, SmtpSettings, TopicSettings

__all__ = [
    "WEEKEND",
    "DigestSettings",
    "FetchSettings",
    "Loaded",
    "Settings",
    "SlackSettings",
    "SmtpSettings",
    "Stamp",
    "TopicSettings",
    "delivery_problems",
    "find_config",
    "load",
    "problem_with",
    "stamp",
]
