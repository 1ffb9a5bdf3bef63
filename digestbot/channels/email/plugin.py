"""Email as digestbot finds it: `mailto:name@example.com`, through one SMTP server."""

# ruff: noqa: PLC0415 -- smtplib and idna take time to import, and only what sends or checks needs them

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import ConfigError, DeliveryError
from ...model import DEFAULT_ACCOUNT, Account
from ...ports import Advice, Channel, ChannelPlugin, Lane, Wanted
from ...text.web_addresses import is_on_this_machine
from .address import is_address, parse_mailbox
from .provider_settings import ProviderSettings
from .returned import mailbox_advice, mailbox_problems
from .settings import AccountSettings, BounceSettings, SmtpSettings
from .terms import accounts_of

if TYPE_CHECKING:
    from .mime import Dkim
    from .records import Sender

_PREFIX = "DIGESTBOT_SMTP__"
_ACCOUNTS = "DIGESTBOT_SMTP_ACCOUNTS__"


class EmailPlugin(ChannelPlugin):
    """`mailto:name@example.com`."""

    scheme = "mailto"
    example = "mailto:name@example.com"
    settings: Mapping[str, Any] = {
        "smtp": SmtpSettings,
        "smtp_accounts": dict[str, AccountSettings],
        "bounces": BounceSettings,
        "mail_providers": ProviderSettings,
    }
    account = f"{_PREFIX}HOST"
    remedy = f"look at {_PREFIX}HOST, PORT, SECURITY, USERNAME and PASSWORD, then run again"
    renamed: Mapping[str, str] = {"SMTP__ON_AMBIGUOUS": "SMTP__ON_UNKNOWN"}

    def parse_address(self, text: str) -> str:
        return parse_mailbox(text)

    def suggest(self, text: str) -> str:
        address = text.rpartition("<")[2].rstrip("> ")  # Desk <desk@example.com>
        return "write mailto: before the address" if is_address(address) else ""

    def problems(self, settings: Mapping[str, Any], wanted: Sequence[Wanted], *, base: Path) -> Sequence[ConfigError]:
        """What is missing where somebody is to be mailed; what cannot be right in any case: the sender, the DKIM key."""
        del base
        smtp: SmtpSettings = settings["smtp"]
        sending = (_missing(smtp, wanted[0].key) if wanted else ()) or _wrong(smtp)
        return (*sending, *_wrong_accounts(settings.get("smtp_accounts", {})), *mailbox_problems(settings["bounces"]))

    def open(self, settings: Mapping[str, Any], *, base: Path) -> Channel | None:
        smtp: SmtpSettings = settings["smtp"]
        if not (smtp.host and smtp.sender):
            return None
        from .accounts import MailAccounts
        from .channel import Email

        def connection(one: AccountSettings) -> Email:
            return Email(
                host=one.host,
                port=one.effective_port,
                username=one.username,
                password=one.password.get_secret_value() if one.password else "",
                sender=smtp.sender,
                security=one.security,
                ca_file=base / one.ca_file if one.ca_file else None,
                timeout=one.timeout.total_seconds(),
                dkim=dkim,
                resend_in_doubt=smtp.on_unknown == "resend",
            )

        dkim = _dkim(smtp)
        lanes = []
        for account in accounts_of(settings):
            one: AccountSettings = smtp if account.name == DEFAULT_ACCOUNT else settings["smtp_accounts"][account.name]
            connections = [connection(one) for _ in range(one.connections)]
            lanes += [(Lane(account, email), email) for email in connections]
        return MailAccounts(lanes, connection(smtp))

    def accounts(self, settings: Mapping[str, Any]) -> tuple[Account, ...]:
        """What each may send; none where no mail server is named."""
        return accounts_of(settings) if settings["smtp"].host else ()

    def advice(self, settings: Mapping[str, Any], wanted: Sequence[Wanted]) -> Sequence[Advice]:
        """Settings that nothing asks for."""
        if not wanted:
            return ()
        return (*_without_effect(settings["smtp"]), *mailbox_advice(settings["smtp"], settings["bounces"]))

    def records(self, settings: Mapping[str, Any], wanted: Sequence[Wanted]) -> Sequence[Advice]:
        """The DNS records that keep mail out of the junk folder, as they ought to be."""
        smtp: SmtpSettings = settings["smtp"]
        # A server on this machine hands the mail on, and under whose name only its owner knows.
        if not (wanted and smtp.sender) or is_on_this_machine(smtp.host):
            return ()
        from .records import wanted as records_wanted

        return (records_wanted(_sender(smtp)),)

    def look_up(self, settings: Mapping[str, Any], wanted: Sequence[Wanted]) -> Sequence[Advice]:
        """The same records, as they are; where `digestbot check --dns` asks for it."""
        smtp: SmtpSettings = settings["smtp"]
        if not (wanted and smtp.sender):
            return ()
        from publicsuffixlist import PublicSuffixList

        from .records import found, is_installed, txt_records

        if not is_installed():
            return (Advice("SPF, DKIM, DMARC", "needs one more package", "pip install 'digestbot[dns]'", "warning"),)
        sender = _sender(smtp)
        organisation = PublicSuffixList().privatesuffix(sender.domain) or ""
        return tuple(found(replace(sender, organisation=organisation), txt_records))


def _sender(smtp: SmtpSettings) -> Sender:
    from .records import Sender

    domain = parseaddr(smtp.sender)[1].rpartition("@")[2].lower()
    return Sender(domain=domain, host=smtp.host, selector=smtp.dkim_selector)


def _without_effect(smtp: SmtpSettings) -> tuple[Advice, ...]:
    """What is set and never asked for, as the others stand."""
    given, encrypted = smtp.model_fields_set, smtp.security != "none"
    checks = (
        ("PASSWORD", smtp.password is not None and not smtp.username, "without USERNAME nobody signs in"),
        ("CA_FILE", smtp.ca_file is not None and not encrypted, "SECURITY=none shows no certificate"),
        ("PLAIN_LOGIN", smtp.plain_login and encrypted, "the login goes encrypted"),
        ("DKIM_KEY", smtp.dkim_key is not None and not smtp.dkim_selector, "without DKIM_SELECTOR nothing is signed"),
        ("DKIM_DOMAIN", bool(smtp.dkim_domain) and not smtp.dkim_selector, "without DKIM_SELECTOR nothing is signed"),
    )
    return tuple(
        Advice(
            f"{_PREFIX}{name}{'_FILE' * (f'{name}_file'.lower() in given)}",
            f"has no effect: {why}",
            "take it out",
            "warning",
        )
        for name, idle, why in checks
        if idle
    )


def _missing(smtp: SmtpSettings, key: str) -> tuple[ConfigError, ...]:
    reason = f"is missing, and {key} names a mailbox"
    checks = (
        (not smtp.host, "HOST", reason, "write your mail server's name"),
        (not smtp.sender, "FROM", reason, "write the address your digests come from"),
        (
            bool(smtp.username) and smtp.password is None,
            "PASSWORD",
            "is missing, and a user name is set",
            f"put it here, or the name of its file into {_PREFIX}PASSWORD_FILE",
        ),
        (
            bool(smtp.dkim_selector) and smtp.dkim_key is None,
            "DKIM_KEY_FILE",
            "is missing, and a DKIM selector is set",
            "name the PEM file that holds the private key",
        ),
    )
    return tuple(ConfigError(_PREFIX + name, why, fix) for missing, name, why, fix in checks if missing)


def _wrong_accounts(accounts: Mapping[str, AccountSettings]) -> tuple[ConfigError, ...]:
    found = []
    for name, one in accounts.items():
        prefix = f"{_ACCOUNTS}{name.upper()}__"
        if name == DEFAULT_ACCOUNT:
            found.append(ConfigError(prefix + "HOST", "has the name of the account without a name", "choose another"))
        elif not one.host:
            found.append(ConfigError(prefix + "HOST", "is missing", "write the name of its mail server"))
        elif one.username and one.password is None:
            fix = f"put it here, or the name of its file into {prefix}PASSWORD_FILE"
            found.append(ConfigError(prefix + "PASSWORD", "is missing, and a user name is set", fix))
    return tuple(found)


def _wrong(smtp: SmtpSettings) -> tuple[ConfigError, ...]:
    """The first of sender, DKIM domain and DKIM key that no message could be written or signed with."""
    if not (smtp.host and smtp.sender):
        return ()
    from .mime import mailbox, sign

    key = "DKIM_KEY_FILE" if smtp.dkim_key_file else "DKIM_KEY"
    checks: tuple[tuple[str, Callable[[], object], str], ...] = (
        ("FROM", lambda: mailbox(smtp.sender), "write an address of yours"),
        (
            "DKIM_DOMAIN",
            lambda: mailbox(f"news@{smtp.dkim_domain or 'example.com'}"),
            "write example.com, or leave it out",
        ),
        (
            key,
            lambda: (dkim := _dkim(smtp)) and sign(b"From: a@example.com\r\n\r\n", dkim),
            "make one with: openssl genrsa -out dkim.pem 2048",
        ),
    )
    for name, attempt, fix in checks:
        try:
            attempt()
        except DeliveryError as error:
            return (ConfigError(_PREFIX + name, str(error), fix),)
    return ()


def _dkim(smtp: SmtpSettings) -> Dkim | None:
    from .mime import Dkim, mailbox

    if not smtp.dkim_selector or smtp.dkim_key is None:
        return None
    domain = mailbox(f"news@{smtp.dkim_domain}" if smtp.dkim_domain else smtp.sender).domain
    return Dkim(selector=smtp.dkim_selector, domain=domain, key=smtp.dkim_key.get_secret_value())
