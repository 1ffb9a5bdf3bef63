"""Slack, by a bot's token or by incoming webhooks."""

from .plugin import SlackPlugin, SlackWebhookPlugin

CHANNELS = (SlackPlugin(), SlackWebhookPlugin())
