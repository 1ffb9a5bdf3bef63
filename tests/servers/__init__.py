"""Real servers on loopback: Slack, mail, the web, PostgreSQL."""
