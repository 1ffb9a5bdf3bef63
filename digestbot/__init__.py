"""digestbot: one finishable digest a day, from your feeds to Slack and email."""

__version__ = "0.1.0"
