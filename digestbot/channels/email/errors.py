"""What smtplib, ssl and a mail server's replies mean for a delivery: the one place where they become our errors.

Server replies are not quoted where a login is involved: they may echo the password.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from typing import Final

from ...errors import ContentRejected, DeliveryError, PermanentFailure, TemporaryFailure

GREYLIST: Final = 300.0  # seconds; RFC 6647 section 2: a sender who comes back after some minutes is let in

_TOO_LARGE = frozenset({523, 552})  # RFC 5321 section 4.2.3, RFC 4954
# RFC 3463: no such mailbox, no such system, no valid syntax, moved away; RFC 7505: takes no mail; mailbox disabled.
_GONE = re.compile(r"5\.(?:1\.(?:1|2|3|6|10)|2\.1)\b")
# What providers say to an account that sends faster than it may, also after the message: it was not taken then.
_THROTTLED: Final = 454
_BUSY: Final = 421
_LOGIN_FIRST = frozenset({530, 535, 538})  # RFC 4954 section 6

_Meaning = Callable[[Exception, str], DeliveryError]


def _stop(reason: str) -> _Meaning:
    """The whole account stops: nothing that is sent through it could arrive."""
    return lambda error, where: PermanentFailure(reason.format(where=where, code=_code(error)), account=True)


def _untrusted(error: Exception, where: str) -> DeliveryError:
    why = getattr(error, "verify_message", "")
    fix = "use the name the certificate is for, or name the authority's file as CA_FILE"
    return PermanentFailure(f"the certificate of {where} is not trusted ({why}): {fix}", account=True)


def _not_now(error: Exception, where: str) -> DeliveryError:
    why = _code(error) or "closed the connection"
    busy = _code(error) in (_BUSY, _THROTTLED)
    return TemporaryFailure(f"{where} does not take mail now ({why})", account=True, throttled=busy, begun=False)


def _refused(error: Exception, where: str) -> DeliveryError:
    """A reply that is no 2xx: for now where it is a 4xx (RFC 5321 section 4.2.1)."""
    if 400 <= _code(error) < 500:
        return _not_now(error, where)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        fix = "check them; some providers want a password made for this app"
        return PermanentFailure(f"{where} refused the user name or password ({_code(error)}): {fix}", account=True)
    reason = f"refused the session ({_code(error)}): check host, port and user name"
    return PermanentFailure(f"{where} {reason}", account=True)


def _not_supported(error: Exception, where: str) -> DeliveryError:
    """smtplib raises one exception for both; only its text tells which."""
    if "STARTTLS" in str(error):
        fix = "nothing is sent unprotected; try SECURITY=tls with port 465"
        return PermanentFailure(f"{where} does not offer STARTTLS: {fix}", account=True)
    return _no_login(error, where)


_no_login = _stop("{where} offers no login that is known here: check host, port and user name")


def _unreachable(error: Exception, where: str) -> DeliveryError:
    reason = getattr(error, "strerror", None) or str(error) or "no answer"
    return TemporaryFailure(f"{where} cannot be reached: {reason}", account=True, begun=False)


# The first row whose kind an exception is of decides. All of them lie with the account, not with a recipient.
CONNECTING: Final[tuple[tuple[type[Exception], _Meaning], ...]] = (
    (ssl.SSLCertVerificationError, _untrusted),
    (ssl.SSLError, _stop("{where} does not speak TLS: port 465 wants SECURITY=tls, 587 starttls")),
    (UnicodeError, _stop("the SMTP user name or password holds characters that a login cannot carry")),
    # A challenge that is no base64, for one.
    (ValueError, _stop("{where} answered the login with what is none: check host and port")),
    (smtplib.SMTPNotSupportedError, _not_supported),
    (smtplib.SMTPServerDisconnected, _not_now),
    (smtplib.SMTPResponseException, _refused),
    (smtplib.SMTPException, _no_login),
    (FileNotFoundError, _stop("the file named as CA_FILE is not there")),
    (OSError, _unreachable),  # also a name that is not found, a refused connection, a timeout
)


def connection_error(error: Exception, where: str) -> DeliveryError:
    """Why no session could be opened or logged in to.

    Args:
        error: what smtplib, ssl or the system raised.
        where: the server as `host:port`.
    """
    meaning = next((meaning for kind, meaning in CONNECTING if isinstance(error, kind)), _unreachable)
    return meaning(error, where)


def refusal(stage: str, code: int, text: str, address: str) -> DeliveryError:
    """What a reply other than 2xx to MAIL, RCPT or DATA (the message's end included) means for this recipient."""
    said = f"{code} {text}".strip()
    if code in _LOGIN_FIRST:
        return PermanentFailure(
            f"the mail server wants a login first ({said}): set user name and password", account=True
        )
    if code in _TOO_LARGE:
        return ContentRejected(f"the message to {address} was refused as too large ({said})")
    if code == _THROTTLED:
        # Said instead of the message's answer: whoever waits for DATA has not taken anything.
        return TemporaryFailure(f"the mail server wants less at a time ({said})", throttled=True, begun=stage == "DATA")
    if code < 500:
        return TemporaryFailure(f"{address} was put off at {stage} ({said})", retry_after=GREYLIST)
    if stage == "MAIL":
        return PermanentFailure(f"the mail server refused the sender ({said}): check FROM", account=True)
    # At DATA or the message's end the same codes speak of the content: only at RCPT they are about the address.
    gone = stage == "RCPT" and bool(_GONE.match(text))
    return PermanentFailure(f"{address} was refused at {stage} ({said})", address_gone=gone)


def _code(error: Exception) -> int:
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
