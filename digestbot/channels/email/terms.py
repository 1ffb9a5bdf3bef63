"""The accounts that a configuration names, and what each may send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...model import DEFAULT_ACCOUNT, Account
from .settings import AccountSettings


def accounts_of(settings: Mapping[str, Any]) -> tuple[Account, ...]:
    """The one without a name first; the others by the names that their owner gave them."""
    named: Mapping[str, AccountSettings] = settings.get("smtp_accounts", {})
    found = {DEFAULT_ACCOUNT: settings["smtp"]} | dict(named)
    return tuple(
        Account(name=name, weight=one.weight, rate=one.rate, warm_up=one.warm_up) for name, one in found.items()
    )
