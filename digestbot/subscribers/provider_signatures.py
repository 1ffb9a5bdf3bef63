"""Signatures of mail providers, by the package cryptography (the extra `bounces`); none is right where it is missing."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from .provider_calls import Refused

_LEAST_BITS: Final = 2048
_MISSING: Final = "a signature needs one more package: pip install 'digestbot[bounces]'"


def is_signed_by_ec(signature: bytes, signed: bytes, public_key: bytes) -> bool:
    """Whether the owner of a key (SubjectPublicKeyInfo in DER) signed this, by ECDSA with SHA-256."""
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415 -- an extra
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey  # noqa: PLC0415
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
        from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415
    except ImportError:
        raise Refused(503, _MISSING) from None
    try:
        key = load_der_public_key(public_key)
        if not isinstance(key, EllipticCurvePublicKey):
            return False
        key.verify(signature, signed, ECDSA(SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def is_signed_by_certificate(signature: bytes, signed: bytes, certificate: bytes, *, sha1: bool, now: datetime) -> bool:
    """Whether the owner of a certificate (PEM) signed this, by RSA with SHA-256, or with SHA-1 where that is all there is."""
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415 -- an extra
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415
        from cryptography.hazmat.primitives.hashes import SHA1, SHA256  # noqa: PLC0415
        from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415
    except ImportError:
        raise Refused(503, _MISSING) from None
    try:
        read = load_pem_x509_certificate(certificate)
        key = read.public_key()
        if not read.not_valid_before_utc <= now <= read.not_valid_after_utc:
            return False
        if not isinstance(key, RSAPublicKey) or key.key_size < _LEAST_BITS:
            return False
        key.verify(signature, signed, PKCS1v15(), SHA1() if sha1 else SHA256())  # noqa: S303 -- SNS signature version 1
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
