"""Ed25519 signatures (RFC 8032) over canonical JSON (RFC 8785's rules for what we use: no floats).

The private key is the setting SIGNING_KEY. A demo derives one from SECRET_KEY (HKDF, RFC 5869);
elsewhere `config/checks.py` refuses to start without it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from reports.models import PublicationRevision


@dataclass(frozen=True, slots=True)
class Signed:
    """A text, its signature and the public key that it holds for, both in hexadecimal."""

    text: str
    signature: str
    key: str


def canonical(content: Mapping[str, object]) -> str:
    """JSON with sorted keys and no spaces, in the letters themselves: one text for one content."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def sign(text: str) -> Signed:
    """Sign with this installation's key. Raises ImproperlyConfigured where there is none."""
    private = _private()
    return Signed(text, private.sign(text.encode()).hex(), _public(private))


def holds(signed: Signed) -> bool:
    """Whether the signature is over just this text, by just this key. Never raises."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signed.key))
        key.verify(bytes.fromhex(signed.signature), signed.text.encode())
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def our_keys() -> frozenset[str]:
    """Public keys that count as ours: today's, and those that signed before it."""
    retired = {key.lower() for key in settings.SIGNING_KEYS_RETIRED}
    try:
        return frozenset({*retired, _public(_private())})
    except ImproperlyConfigured:
        return frozenset(retired)


def is_genuine(revision: PublicationRevision) -> bool:
    """Whether a stored revision still says what was signed here, as this revision of its
    publication. False for a draft, and for a row that was changed behind our back.
    """
    signed = Signed(revision.signed, revision.signature, revision.key)
    if not holds(signed) or revision.key not in our_keys():
        return False
    told = {
        "publication": revision.publication_id,
        "revision": revision.number,
        "reason": revision.reason,
        "approved_at": moment_text(revision.approved_at),
        "published_from": moment_text(revision.published_from),
    }
    try:
        content = json.loads(revision.signed)
    except ValueError:
        return False
    return bool(content == revision.content and content == {**content, **told})


def moment_text(at: datetime | None) -> str:
    """A moment in UTC to the microsecond, as it stands in what is signed; empty for none."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}" if at else ""


def _private() -> Ed25519PrivateKey:
    if settings.SIGNING_KEY:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.SIGNING_KEY))
    if not (settings.DEMO or settings.DEBUG):
        raise ImproperlyConfigured("SIGNING_KEY is not set.")
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"byakassan publications")
    return Ed25519PrivateKey.from_private_bytes(derive.derive(settings.SECRET_KEY.encode()))


def _public(private: Ed25519PrivateKey) -> str:
    return private.public_key().public_bytes_raw().hex()
