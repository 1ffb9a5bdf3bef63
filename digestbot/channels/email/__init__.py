"""Email through one SMTP server."""
