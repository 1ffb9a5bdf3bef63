"""The settings of mail providers' calls about mails that came back: DIGESTBOT_MAIL_PROVIDERS__..."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Annotated

from pydantic import AfterValidator, SecretStr, model_validator

from ...text.setting_values import SecretFile, SettingsGroup, from_text, split_list, wrong


def _topics(text: str) -> tuple[str, ...]:
    topics = split_list(text)
    if not all(re.fullmatch(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]+", one) for one in topics):
        raise wrong("is no topic of SNS", "write its ARN, as in arn:aws:sns:eu-west-1:123456789012:bounces")
    return topics


def _public_key(text: str) -> str:
    key = re.sub(r"-----[A-Z ]+-----|\s", "", text)
    try:
        base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        raise wrong(
            "is no public key", "copy the verification key from SendGrid's settings of the event webhook"
        ) from None
    return key


def _secret(text: SecretStr) -> SecretStr:
    return SecretStr(text.get_secret_value().strip())


Secret = Annotated[SecretStr, AfterValidator(_secret)]


class ProviderSettings(SettingsGroup):
    """What proves that a call is the provider's; a provider whose proof is not set is not answered."""

    ses_topics: Annotated[tuple[str, ...], from_text(_topics)] = ()
    postmark_username: str = ""
    postmark_password: Secret | None = None
    postmark_password_file: SecretFile | None = None
    mailgun_key: Secret | None = None
    mailgun_key_file: SecretFile | None = None
    sendgrid_key: Annotated[str, from_text(_public_key)] = ""

    @model_validator(mode="after")
    def _postmark_has_both(self) -> ProviderSettings:
        if bool(self.postmark_username) != bool(self.postmark_password):
            missing = "PASSWORD" if self.postmark_username else "USERNAME"
            fix = f"set POSTMARK_{missing}, as they stand in the address that Postmark calls"
            raise wrong("has only one half of a login", fix, setting=f"POSTMARK_{missing}")
        return self
