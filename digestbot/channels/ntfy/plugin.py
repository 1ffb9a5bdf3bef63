"""ntfy as digestbot finds it: `ntfy:topic`, on one server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...errors import ConfigError
from ...ports import Advice, Channel, ChannelPlugin, Wanted
from ...text.setting_values import wrong
from .address import WRITE_TOPIC, is_topic
from .settings import NtfySettings


class NtfyPlugin(ChannelPlugin):
    """`ntfy:topic`."""

    scheme = "ntfy"
    example = "ntfy:topic"
    settings: Mapping[str, Any] = {"ntfy": NtfySettings}
    account = "DIGESTBOT_NTFY__URL"
    remedy = "look at DIGESTBOT_NTFY__URL and TOKEN, or USERNAME and PASSWORD, then run again"

    def parse_address(self, text: str) -> str:
        topic = text.strip()
        if is_topic(topic):
            return topic
        if "/" in topic:
            raise wrong("is an address, not a topic", f"put the server into DIGESTBOT_NTFY__URL, and {WRITE_TOPIC}")
        raise wrong("is not an ntfy topic", WRITE_TOPIC)

    def problems(self, settings: Mapping[str, Any], wanted: Sequence[Wanted], *, base: Path) -> Sequence[ConfigError]:
        """ntfy.sh would need no setting, but one has to be given: which server reads the digest is the owner's word."""
        del base
        ntfy: NtfySettings = settings["ntfy"]
        if not wanted or ntfy.model_fields_set:
            return ()
        fix = "write https://ntfy.sh, or the address of your own server"
        return (ConfigError(self.account, f"is missing, and {wanted[0].key} names an ntfy topic", fix),)

    def open(self, settings: Mapping[str, Any], *, base: Path) -> Channel | None:
        """None where no setting is given: `digestbot check` asks every channel that is open, and must not call a
        stranger's server for somebody who does not use it.
        """
        del base
        ntfy: NtfySettings = settings["ntfy"]
        if not ntfy.model_fields_set:
            return None
        from .channel import Ntfy  # noqa: PLC0415 -- http.client and ssl load only where something is sent

        return Ntfy(
            ntfy.url,
            token=ntfy.token.get_secret_value() if ntfy.token else "",
            username=ntfy.username,
            password=ntfy.password.get_secret_value() if ntfy.password else "",
            timeout=ntfy.timeout.total_seconds(),
            priority=ntfy.priority,
            tags=ntfy.tags,
            message_bytes=ntfy.message_bytes,
            resend_in_doubt=ntfy.on_unknown == "resend",
        )

    def advice(self, settings: Mapping[str, Any], wanted: Sequence[Wanted]) -> Sequence[Advice]:
        """On a server without accounts of ours a topic's name is all that protects it."""
        ntfy: NtfySettings = settings["ntfy"]
        if not wanted or ntfy.token or ntfy.username:
            return ()
        host = urlsplit(ntfy.url).hostname
        reason = f"without a login, whoever knows or guesses a topic's name on {host} may read it and write to it"
        return (
            Advice("ntfy", reason, "choose names that nobody guesses, or reserve them and set DIGESTBOT_NTFY__TOKEN"),
        )
