"""Slack, by a bot's token or by incoming webhooks."""
