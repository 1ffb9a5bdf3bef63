"""The accounts of a configuration as channels to send through."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import ConfigError, DeliveryError
from ..ports import Channel
from ..settings import Loaded

if TYPE_CHECKING:
    from ..channels.email.mime import Dkim


def channels(loaded: Loaded) -> dict[str, Channel]:
    """The channels this configuration has the means for; nothing connects until something is sent."""
    from ..channels.file.channel import File  # noqa: PLC0415 -- slack_sdk and smtplib load only where they are used

    settings = loaded.settings
    made: dict[str, Channel] = {"file": File(base=loaded.base)}
    if settings.slack.token is not None:
        from ..channels.slack.channel import Slack  # noqa: PLC0415

        made["slack"] = Slack(
            token=settings.slack.token.get_secret_value(),
            api_url=settings.slack.api_url,
            timeout=settings.slack.timeout.total_seconds(),
            resend_in_doubt=settings.slack.on_unknown == "resend",
        )
    hooks = {name: hook.address.get_secret_value() for name, hook in settings.webhooks.items() if hook.address}
    if hooks:
        from ..channels.slack.incoming_webhook import Webhook  # noqa: PLC0415

        made["webhook"] = Webhook(
            hooks,
            timeout=settings.slack.timeout.total_seconds(),
            resend_in_doubt=settings.slack.on_unknown == "resend",
        )
    if settings.smtp.host and settings.smtp.sender:
        from ..channels.email.channel import Email  # noqa: PLC0415

        smtp = settings.smtp
        made["mailto"] = Email(
            host=smtp.host,
            port=smtp.effective_port,
            username=smtp.username,
            password=smtp.password.get_secret_value() if smtp.password else "",
            sender=smtp.sender,
            security=smtp.security,
            ca_file=loaded.base / smtp.ca_file if smtp.ca_file else None,
            timeout=smtp.timeout.total_seconds(),
            dkim=_dkim(loaded),
            resend_in_doubt=smtp.on_unknown == "resend",
        )
    return made


def mail_problems(loaded: Loaded) -> tuple[ConfigError, ...]:
    """What is wrong with the mail account as far as it shows before anybody is asked: its sender, its DKIM key."""
    from ..channels.email.mime import mailbox, sign  # noqa: PLC0415 -- as above

    smtp = loaded.settings.smtp
    if not (smtp.host and smtp.sender):
        return ()
    checks: dict[str, tuple[Callable[[], object], str]] = {
        "FROM": (lambda: mailbox(smtp.sender), "write an address of yours"),
        "DKIM_DOMAIN": (
            lambda: mailbox(f"news@{smtp.dkim_domain or 'example.com'}"),
            "write example.com, or leave it out",
        ),
        "DKIM_KEY_FILE" if smtp.dkim_key_file else "DKIM_KEY": (
            lambda: (dkim := _dkim(loaded)) and sign(b"From: a@example.com\r\n\r\n", dkim),
            "make one with: openssl genrsa -out dkim.pem 2048",
        ),
    }
    for name, (attempt, fix) in checks.items():
        key = f"DIGESTBOT_SMTP__{name}"
        try:
            attempt()
        except DeliveryError as error:
            return (ConfigError(key, str(error), fix, line=loaded.lines.get(key)),)
    return ()


def _dkim(loaded: Loaded) -> Dkim | None:
    from ..channels.email.mime import Dkim, mailbox  # noqa: PLC0415 -- as above

    smtp = loaded.settings.smtp
    if not smtp.dkim_selector or smtp.dkim_key is None:
        return None
    domain = mailbox(f"news@{smtp.dkim_domain}" if smtp.dkim_domain else smtp.sender).domain
    return Dkim(selector=smtp.dkim_selector, domain=domain, key=smtp.dkim_key.get_secret_value())
