"""The DNS records that keep mail out of the junk folder: how they ought to be, and what is said of those that are there.

Looked up only where the owner asks for it: who asks tells a name server of the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from ...ports import Advice

_SECONDS: Final = 5.0  # for one question
_SHOWN: Final = 120  # characters of a record

LookUp = Callable[[str], tuple[str, ...]]  # the TXT records of a name, none where it has none; raises LookUpError


class LookUpError(Exception):
    """A name server did not answer, or there is none. Its words say which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whose mail it is."""

    domain: str  # of the address in FROM
    host: str  # the mail server
    selector: str = (
        ""  # of the DKIM key that signs here; empty where the server signs, with one that only its owner knows
    )
    organisation: str = ""  # the registered domain above it; empty where it is that itself

    @property
    def spf(self) -> str:
        return f'{self.domain} TXT "v=spf1 a:{self.host} ~all", or the include: that the owner of {self.host} names (RFC 7208)'

    @property
    def dkim(self) -> str:
        if not self.selector:
            return f"SELECTOR._domainkey.{self.domain} TXT with the key that {self.host} signs with (RFC 6376)"
        public = "openssl rsa -in KEY.pem -pubout -outform DER | base64 -w0"
        return f'{self.selector}._domainkey.{self.domain} TXT "v=DKIM1; k=rsa; p=...", after p= what `{public}` prints (RFC 6376)'

    @property
    def dmarc(self) -> str:
        return f'_dmarc.{self.domain} TXT "v=DMARC1; p=none", then p=quarantine once reports are clean (RFC 7489)'


def wanted(sender: Sender) -> Advice:
    """All three as they ought to be, without a look at what is there."""
    how = f"set {sender.spf}; {sender.dkim}; {sender.dmarc}; `digestbot check --dns` looks them up"
    return Advice("SPF, DKIM, DMARC", "not looked up", how)


def found(sender: Sender, look_up: LookUp) -> Iterator[Advice]:
    """What is there, and what is wrong with it."""
    for name, judge in (("SPF", _spf), ("DKIM", _dkim), ("DMARC", _dmarc)):
        try:
            yield judge(sender, look_up)
        except LookUpError as error:
            yield Advice(name, f"could not be looked up: {error}", "try again later, or look at /etc/resolv.conf")


def _spf(sender: Sender, look_up: LookUp) -> Advice:
    records = [one for one in look_up(sender.domain) if one.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return Advice("SPF", f"{sender.domain} has no record", f"set {sender.spf}", "warning")
    if len(records) > 1:
        reason = f"{sender.domain} has {len(records)} records, which receivers take for none (RFC 7208 4.5)"
        return Advice("SPF", reason, "make them one", "warning")
    if {"+all", "all"} & set(records[0].lower().split()):
        reason = f"{sender.domain} lets the whole world send under its name: {_shown(records[0])}"
        return Advice("SPF", reason, "end it with ~all or -all", "warning")
    return Advice("SPF", f"{sender.domain}: {_shown(records[0])}; see that it names {sender.host}", "", "ok")


def _dkim(sender: Sender, look_up: LookUp) -> Advice:
    if not sender.selector:
        fix = f"the mail server signs, under a selector that its owner knows; set {sender.dkim}"
        return Advice("DKIM", "cannot be looked up without DIGESTBOT_SMTP__DKIM_SELECTOR", fix)
    name = f"{sender.selector}._domainkey.{sender.domain}"
    keys = [tags["p"] for one in look_up(name) if "p" in (tags := _tags(one))]
    if not keys:
        return Advice("DKIM", f"{name} has no key", f"set {sender.dkim}", "warning")
    if not any(keys):
        return Advice("DKIM", f"{name} has an empty key: it is revoked", f"set {sender.dkim}", "warning")
    return Advice("DKIM", f"{name} has a key", "", "ok")


def _dmarc(sender: Sender, look_up: LookUp) -> Advice:
    for domain in dict.fromkeys(filter(None, (sender.domain, sender.organisation))):
        records = [one for one in look_up(f"_dmarc.{domain}") if one.lower().startswith("v=dmarc1")]
        if len(records) > 1:
            reason = f"_dmarc.{domain} has {len(records)} records, which receivers take for none (RFC 7489 6.6.3)"
            return Advice("DMARC", reason, "make them one", "warning")
        if records:
            policy = _tags(records[0]).get("p", "")
            if policy.lower() not in ("none", "quarantine", "reject"):
                reason = f"_dmarc.{domain} has no policy that is one: {_shown(records[0])}"
                return Advice("DMARC", reason, "write p=none, p=quarantine or p=reject", "warning")
            return Advice("DMARC", f"_dmarc.{domain}: {_shown(records[0])}", "", "ok")
    return Advice("DMARC", f"{sender.domain} has no record", f"set {sender.dmarc}", "warning")


def _tags(record: str) -> dict[str, str]:
    """`v=DKIM1; p=...` by its tags (RFC 6376 3.2)."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs}


def _shown(record: str) -> str:
    return record if len(record) <= _SHOWN else f"{record[:_SHOWN]}..."


def is_installed() -> bool:
    """Whether names can be looked up here: pip install 'digestbot[dns]'."""
    try:
        import dns.resolver  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def txt_records(name: str) -> tuple[str, ...]:
    """The TXT records of a name, as the machine's own name servers tell them.

    Raises:
        LookUpError: they do not answer, or there are none.
    """
    import dns.exception  # noqa: PLC0415 -- an extra, and only --dns needs it
    import dns.resolver  # noqa: PLC0415

    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except dns.resolver.NoResolverConfiguration:
        raise LookUpError("this machine names no name server") from None
    except (dns.exception.Timeout, dns.resolver.NoNameservers):
        raise LookUpError(f"no name server answered in {_SECONDS:g} seconds, or none would tell") from None
    except dns.exception.DNSException as error:
        raise LookUpError(type(error).__name__) from None
    return tuple(b"".join(row.strings).decode("utf-8", "replace") for row in answer)
