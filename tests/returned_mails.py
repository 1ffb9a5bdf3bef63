"""Returned mails in the shapes that mail systems give them, in words of our own: each with what it must be read as.

`reader@lost.example` is the address that was written to, `PATH` the return path of that mail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from digestbot.model import ReturnKind
from digestbot.subscribers.verp import Purpose, address_for

SECRET = b"0123456789abcdef"
KEY = "00112233445566778899aabbccddeeff"
BOX = "bounces@example.com"
PATH = address_for(BOX, KEY, SECRET)
WISH = address_for(BOX, KEY, SECRET, Purpose.UNSUBSCRIBE)
READER = "reader@lost.example"
DATE = "Wed, 27 May 2026 09:30:00 +0200"

ORIGINAL = f"""Return-Path: <{PATH}>
From: News desk <news@example.com>
To: {READER}
Subject: Harbour bridge opens after two years
Message-ID: <{KEY}-0@example.com>
List-Unsubscribe: <mailto:{WISH}?subject=unsubscribe>
Content-Type: text/plain

The bridge over the harbour opens today. User unknown, mailbox full, spam.
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """A mail, and what it says."""

    name: str
    mail: bytes
    kind: ReturnKind
    code: str = ""
    address: str = READER


def mail(
    body: str,
    *,
    to: str = PATH,
    sender: str = "MAILER-DAEMON@lost.example",
    subject: str = "Undelivered mail",
    head: str = "",
) -> bytes:
    """A mail as a server delivers it: with the line ends and the return path of a mail system."""
    text = f"Return-Path: <>\nDelivered-To: {to}\nFrom: {sender}\nTo: {to}\nSubject: {subject}\nDate: {DATE}\n{head}\n{body}"
    return text.replace("\n", "\r\n").encode()


def report(
    status: str, *, action: str = "failed", said: str = "", told: str = "Your mail could not be delivered.", to: str = PATH,
    recipient: str = READER, original: str = "", extra: str = "", returned: str = ORIGINAL, head: str = "", reporter: str = "mx.lost.example",
) -> bytes:  # fmt: skip
    """A report by the standard (RFC 3464)."""
    fields = [
        *([f"Original-Recipient: rfc822;{original}"] if original else []),
        f"Final-Recipient: rfc822; {recipient}",
        f"Action: {action}",
        *([f"Status: {status}"] if status else []),
        *([f"Diagnostic-Code: smtp; {said}"] if said else []),
    ]
    body = f"""This is a MIME report.

--=_b
Content-Type: text/plain; charset=utf-8
Content-Description: Notification

{told}

--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; {reporter}
Arrival-Date: {DATE}

{chr(10).join(fields)}
{extra}
--=_b
Content-Type: message/rfc822

{returned}
--=_b--
"""
    kind = 'MIME-Version: 1.0\nAuto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary="=_b"\n'
    return mail(body, to=to, head=kind + head)


def feedback(what: str, *, to: str = BOX, fields: str = "", returned: str = ORIGINAL) -> bytes:
    """A complaint as a provider hands it on (RFC 5965)."""
    body = f"""--=_f
Content-Type: text/plain

This is an abuse report for a mail from 192.0.2.1.
--=_f
Content-Type: message/feedback-report

Feedback-Type: {what}
User-Agent: Loop/1.0
Version: 1
{fields}
--=_f
Content-Type: message/rfc822

{returned}
--=_f--
"""
    kind = "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary==_f\n"
    return mail(body, to=to, sender="feedback@provider.example", subject="FW: Harbour bridge", head=kind)


def plain(body: str, **options: str) -> bytes:
    """A bounce without a report."""
    return mail(body, head="Content-Type: text/plain\n", **options)


K: Callable[[str], ReturnKind] = ReturnKind
HARD, SOFT, FULL, DELAYED, POLICY = K("hard"), K("soft"), K("mailbox full"), K("delayed"), K("policy")
COMPLAINT, UNSUBSCRIBE, UNRELATED = K("complaint"), K("unsubscribe"), K("unrelated")
_UNKNOWN = "550 5.1.1 <reader@lost.example>: Recipient address rejected: User unknown in virtual mailbox table"
_GMAIL = "550-5.1.1 The account that you wrote to does not exist. 550 5.1.1 https://support.google.example/?p=NoSuchUser - gsmtp"
_POSTFIX_TOLD = f"""This is the mail system at host mx.lost.example.

I'm sorry to have to inform you that your message could not be delivered.

<{READER}>: host mail.lost.example[192.0.2.9] said: {_UNKNOWN} (in reply to RCPT TO command)"""

SAMPLES = (
    # ---- Postfix
    Sample("postfix, unknown user", report("5.1.1", said=_UNKNOWN, told=_POSTFIX_TOLD), HARD, "5.1.1"),
    Sample("postfix, still in its queue", report("4.4.1", action="delayed", said="connect to mail.lost.example: Connection timed out"), DELAYED, "4.4.1"),
    Sample("postfix, given up after days", report("4.4.1", said="connect to mail.lost.example[192.0.2.9]:25: Connection refused"), SOFT, "4.4.1"),
    Sample("postfix, no such domain", report("5.4.4", said="X-Postfix; Host or domain name not found. Name service error for name=lost.example"), SOFT, "5.4.4"),
    Sample("postfix, blocked by a list", report("5.7.1", said="554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"), POLICY, "5.7.1"),
    Sample("postfix, original recipient kept", report("5.1.1", said=_UNKNOWN, recipient="r.eader@inner.example", original=READER), HARD, "5.1.1"),
    Sample("postfix, delivered", report("2.1.5", action="delivered", said="250 2.1.5 Ok"), UNRELATED, "2.1.5"),
    Sample("postfix, too large", report("5.2.3", said="552 5.2.3 Message size exceeds fixed limit"), POLICY, "5.2.3"),
    # ---- Exim
    Sample("exim, with a report", report("5.0.0", said="550 5.1.1 no such address here", head=f"X-Failed-Recipients: {READER}\n"), HARD, "5.1.1"),
    Sample("exim, report without words", report("5.0.0", head=f"X-Failed-Recipients: {READER}\n"), SOFT, "5.0.0"),
    Sample(
        "exim, old",
        mail(
            f"This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. The following address(es) failed:\n\n  {READER}\n    SMTP error from remote mail server after RCPT TO:<{READER}>:\n    host mx.lost.example [192.0.2.9]: 550 No such user here\n\n------ This is a copy of the message, including all the headers. ------\n\n{ORIGINAL}",
            head=f"X-Failed-Recipients: {READER}\nAuto-Submitted: auto-replied\n", subject="Mail delivery failed: returning message to sender",
        ),
        HARD, "550",
    ),
    Sample(
        "exim, warning",
        plain(
            f"This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue.\n\n  {READER}\n    Delay reason: mailbox is full: retry timeout\n\nNo action is required on your part. Delivery attempts will continue for some time.\n\n{ORIGINAL}",
            subject="Warning: message delayed 24 hours",
        ),
        DELAYED,
    ),
    # ---- Exchange and Microsoft 365
    Sample("exchange, unknown", report("5.1.1", said="550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", told="Delivery has failed to these recipients or groups:"), HARD, "5.1.1"),
    Sample("microsoft 365, unknown", report("5.1.10", said="550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"), HARD, "5.1.10"),
    Sample("microsoft 365, edge", report("5.4.1", said="550 5.4.1 Recipient address rejected: Access denied. AS(201806281)"), SOFT, "5.4.1"),
    Sample("microsoft 365, sender not authenticated", report("5.7.515", said="550 5.7.515 Access denied, sending domain example.com does not meet the required authentication level"), POLICY, "5.7.515"),
    Sample("exchange, quota", report("5.2.2", said="554 5.2.2 mailbox full; STOREDRV.Deliver: QuotaExceeded"), FULL, "5.2.2"),
    Sample("outlook.com, vague code", report("5.5.0", said="550 5.5.0 Requested action not taken: mailbox unavailable, user unknown"), HARD, "5.5.0"),
    Sample("outlook.com, reputation", report("5.7.1", said="550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Part of their network is on our block list (S3150)"), POLICY, "5.7.1"),
    Sample("exchange, restricted group", report("5.7.133", said="550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup"), POLICY, "5.7.133"),
    # ---- Gmail
    Sample("gmail, unknown", report("5.1.1", said=_GMAIL), HARD, "5.1.1"),
    Sample("gmail, disabled", report("5.2.1", said="550 5.2.1 The email account that you tried to reach is inactive."), HARD, "5.2.1"),
    Sample("gmail, too much mail", report("5.2.1", said="550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages"), SOFT, "5.2.1"),
    Sample("gmail, over quota", report("5.2.2", said="552 5.2.2 The recipient's inbox is out of storage space. Please direct the recipient to p=OverQuotaPerm"), FULL, "5.2.2"),
    Sample("gmail, rate of unauthenticated mail", report("4.7.26", said="421 4.7.26 Your email has been rate limited because it is unauthenticated"), POLICY, "4.7.26"),
    Sample("gmail, blocked domain in the name", report("5.1.1", recipient="anti-spam@blocked.example", said="550 5.1.1 <anti-spam@blocked.example> no such user at mail.antispam.example"), HARD, "5.1.1", "anti-spam@blocked.example"),
    # ---- Yahoo
    Sample("yahoo, unknown", report("5.0.0", said="554 delivery error: dd Not a valid recipient - This user doesn't have a yahoo.example account (reader@lost.example) [0]"), HARD, "5.0.0"),
    Sample("yahoo, deferred for complaints", report("4.7.0", action="delayed", said="421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints"), DELAYED, "4.7.0"),
    Sample("yahoo, dmarc", report("5.7.9", said="554 5.7.9 Message not accepted for policy reasons"), POLICY, "5.7.9"),
    Sample(
        "yahoo, in words of its own",
        plain(f"Message from yahoo.example.\nSorry, we were unable to deliver your message to the following address.\n\n<{READER}>:\nRemote host said: 554 delivery error: This user doesn't have a yahoo.example account\n\n--- Below this line is a copy of the message.\n\n{ORIGINAL}", sender="MAILER-DAEMON@yahoo.example", subject="Failure Notice"),
        HARD, "554",
    ),
    # ---- qmail
    Sample(
        "qmail, unknown",
        plain(f"Hi. This is the qmail-send program at lost.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{READER}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n{ORIGINAL}", subject="failure notice"),
        HARD, "5.1.1",
    ),
    Sample(
        "qmail, quota",
        plain(f"Hi. This is the qmail-send program at lost.example.\nI've given up. Sorry it didn't work out.\n\n<{READER}>:\nThe user's account is over quota and cannot receive more mail. (#5.2.2)\n\n--- Below this line is a copy of the message.\n\n{ORIGINAL}", subject="failure notice"),
        FULL, "5.2.2",
    ),
    Sample(
        "qmail, unreachable for a week",
        plain(f"Hi. This is the qmail-send program at lost.example.\nI've given up.\n\n<{READER}>:\nI wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.\n\n--- Below this line is a copy of the message.\n\n{ORIGINAL}", subject="failure notice"),
        SOFT, "4.4.1",
    ),
    # ---- Sendmail
    Sample("sendmail, unknown", report("5.1.1", said=f"550 5.1.1 <{READER}>... User unknown", told="   ----- The following addresses had permanent fatal errors -----"), HARD, "5.1.1"),
    Sample("sendmail, warning after 4 hours", report("4.2.0", action="delayed", told="   ** THIS IS A WARNING MESSAGE ONLY **"), DELAYED, "4.2.0"),
    Sample("sendmail, relaying denied", report("5.7.1", said="550 5.7.1 Unable to relay for reader@lost.example"), POLICY, "5.7.1"),
    Sample("sendmail, greylisted to its end", report("4.7.1", said="451 4.7.1 Greylisting in action, please come back later"), DELAYED, "4.7.1"),
    Sample("sendmail, too many hops", report("5.4.6", said="554 5.4.6 Too many hops"), SOFT, "5.4.6"),
    # ---- SES, and its forwarded complaints
    Sample("ses, unknown", report("5.1.1", said="550 5.1.1 user unknown", reporter="a27-30.smtp-out.example"), HARD, "5.1.1"),
    Sample("ses, on its own suppression list", report("5.1.1", said="Amazon SES did not send the message to this address because it is on the suppression list for your account."), HARD, "5.1.1"),
    # ---- Others
    Sample("relay hides a policy", report("5.0.0", said="5.1.0 - Unknown address error 550-'5.7.1 Access denied' (delivery attempts: 0)"), POLICY, "5.7.1"),
    Sample("line ends of old Macintoshes", report("5.1.1", said="550 5.1.1 User unknown").replace(b"\r\n", b"\r"), HARD, "5.1.1"),
    Sample("report without its fields", report("", action="").replace(b"Final-Recipient: rfc822; reader@lost.example\r\nAction: \r\n", b""), UNRELATED, "", ""),
    Sample("sender refused with the reader's code", report("5.1.0", said="550 5.1.0 <news@example.com> sender rejected. Please see the list of error codes"), POLICY, "5.1.0"),
    Sample("status and words at odds", report("5.1.1", said="550 5.7.1 rejected: listed at dnsbl.example"), POLICY, "5.7.1"),
    Sample("unknown user, said to a blocked sender", report("5.1.1", said="550 5.1.1 rejected due to poor reputation of 192.0.2.1"), POLICY, "5.1.1"),
    Sample("sender verification failed", report("5.0.0", said="550 Sender verify failed: no such user here"), POLICY, "5.0.0"),
    Sample("full, said with the wrong code", report("5.1.1", said="550 5.1.1 mailbox is full, over quota"), FULL, "5.1.1"),
    Sample("full for now, given up", report("4.2.2", said="452 4.2.2 The mailbox is over quota"), FULL, "4.2.2"),
    Sample("german words", report("5.0.0", said="550 Empfänger ist unbekannt"), HARD, "5.0.0"),
    Sample("moved", report("5.1.6", said="551 5.1.6 User has moved"), HARD, "5.1.6"),
    Sample("takes no mail", report("5.1.10", said="556 5.1.10 lost.example has a null MX"), HARD, "5.1.10"),
    Sample("action without a status", report("", said="550 Mailbox not found"), HARD, "550"),
    Sample("a report with nothing in it", report("", action="failed"), SOFT, "5.0.0"),
    Sample("virus notice", plain("A virus was found in a message you sent.", subject="VIRUS (Eicar-Test) in your mail", sender="postmaster@lost.example"), POLICY, "", ""),
    Sample("gateway, html alone", mail(f"<html><body><p>Undeliverable:</p><b>{READER}</b> 550&nbsp;5.1.1 <i>User unknown</i></body></html>", head="Content-Type: text/html\n"), HARD, "5.1.1", ""),
    # ---- Complaints
    Sample("complaint", feedback("abuse", fields=f"Original-Rcpt-To: <{READER}>"), COMPLAINT),
    Sample("complaint, address blacked out", feedback("abuse", fields=f"Original-Mail-From: <{PATH}>", returned="To: redacted\nSubject: x\n\n"), COMPLAINT, "", ""),
    Sample("complaint, fraud", feedback("fraud", fields=f"Original-Rcpt-To: rfc822; {READER}"), COMPLAINT),
    Sample("complaint, by way of Microsoft", mail("--=_b\nContent-Type: message/rfc822\nContent-Disposition: inline\n\nX-HmXmrOriginalRecipient: " + READER + "\n" + ORIGINAL + "\n--=_b--\n", to=BOX, sender="staff@provider.example", subject="complaint about message from 192.0.2.1", head='Content-Type: multipart/mixed; boundary="=_b"\n'), COMPLAINT),
    Sample("complaint of the other kind", feedback("not-spam"), UNRELATED),
    Sample("failed authentication", feedback("auth-failure"), UNRELATED),
    Sample("a scanner's report", feedback("virus"), POLICY),
    # ---- Readers and their programs
    Sample("unsubscribe by subject", mail("Please.", sender=f"Reader <{READER}>", subject="Unsubscribe"), UNSUBSCRIBE),
    Sample("unsubscribe by address", mail("", to=WISH, sender=READER, subject=""), UNSUBSCRIBE),
    Sample("unsubscribe by a button", mail("This message was made by a program.", to=WISH, sender=READER, subject="unsubscribe", head="Auto-Submitted: auto-generated\n"), UNSUBSCRIBE),
    Sample("out of office", mail("I am away until Monday. My colleague 5.1.1 helps.", sender=READER, subject="Automatic reply: Harbour bridge", head="X-Auto-Response-Suppress: All\nAuto-Submitted: auto-replied\n"), UNRELATED, "", ""),
    Sample("out of office, in German", mail("Ich bin nicht im Hause.", sender=READER, subject="=?utf-8?q?Abwesenheitsnotiz=3A_Br=C3=BCcke?="), UNRELATED, "", ""),
    Sample("out of office to the unsubscribe address", mail("Away.", to=WISH, sender=READER, subject="Out of office"), UNRELATED, "", ""),
    Sample("challenge", mail("Click here to prove that you are human.", sender=READER, subject="Please confirm your message"), UNRELATED, "", ""),
    Sample("receipt", mail("--=_b\nContent-Type: text/plain\n\nRead.\n--=_b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; reader@lost.example\nDisposition: manual-action/MDN-sent-manually; displayed\n--=_b--\n", sender=READER, subject="Read: Harbour bridge", head='Content-Type: multipart/report; report-type=disposition-notification; boundary="=_b"\n'), UNRELATED, "", ""),
    Sample("our own mail, quoted in an answer", mail("Thanks!\n\n> " + ORIGINAL.replace("\n", "\n> "), sender=READER, subject="Re: Harbour bridge opens"), UNRELATED, "", ""),
    Sample("our own mail, forwarded whole", mail("--=_b\nContent-Type: text/plain\n\nLook at this.\n--=_b\nContent-Type: message/rfc822\n\n" + ORIGINAL + "\n--=_b--\n", sender=READER, subject="Fwd: Harbour bridge", head='Content-Type: multipart/mixed; boundary="=_b"\n'), UNRELATED, "", ""),
    Sample("a report that somebody forwards", mail("--=_z\nContent-Type: message/rfc822\n\n" + report("5.1.1", said=_UNKNOWN).decode().replace("\r", "") + "\n--=_z--\n", sender=READER, subject="Fwd: what is this?", head='Content-Type: multipart/mixed; boundary="=_z"\n'), UNRELATED, "", ""),
    Sample("spam to the box", mail("Buy now!", sender="offers@shop.example", subject="You won", to=BOX), UNRELATED, "", ""),
)  # fmt: skip
