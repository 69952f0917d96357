"""What can go wrong with a bucket, each told in one sentence without a credential in it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from mangetamain.errors import BadSource
from mangetamain.language import N_, say

# What a server answers, in words that say what to mend.
_ANSWERS = {
    "SignatureDoesNotMatch": N_("the secret key is not the one that belongs to the access key"),
    "InvalidAccessKeyId": N_("the server does not know the access key"),
    "AccessDenied": N_("these credentials may not read there"),
    "403": N_("these credentials may not read there"),
    "NoSuchBucket": N_("there is no such bucket"),
    "NoSuchKey": N_("the object is no longer there"),
    "404": N_("the object is no longer there"),
    "PreconditionFailed": N_("the object changed while it was read; try again"),
    "412": N_("the object changed while it was read; try again"),
    "ExpiredToken": N_("the session token has expired"),
    "RequestTimeTooSkewed": N_("this machine's clock is wrong"),
    "AuthorizationHeaderMalformed": N_("the region is not the server's; set AWS_REGION or the profile's region"),
}


def interruptions() -> tuple[type[Exception], ...]:
    """List what a connection that breaks in the middle raises."""
    from botocore.exceptions import HTTPClientError, IncompleteReadError, ResponseStreamingError
    from urllib3.exceptions import HTTPError

    return (HTTPClientError, IncompleteReadError, ResponseStreamingError, HTTPError)


@contextlib.contextmanager
def told(label: str) -> Iterator[None]:
    """Turn what the client raises into one sentence, in which no credential and no address with one appears."""
    try:
        yield
    except (BadSource, OSError):
        raise
    except Exception as error:
        sentence = _sentence(label, error)
        if sentence is None:
            raise
        raise sentence from None


def _sentence(label: str, error: Exception) -> BadSource | None:
    from botocore import exceptions as known

    if isinstance(error, known.ClientError):
        details = error.response.get("Error", {})
        code = details.get("Code", "")
        if expected := re.search(r"expect(?:ed|ing)?:? '([\w-]+)'", details.get("Message", "")):
            return BadSource(
                "{label} cannot be read: the server's region is {region}; set AWS_REGION or the profile's region to it",
                label=label,
                region=expected[1],
            )
        reason = say(_ANSWERS[code]) if code in _ANSWERS else code
        return BadSource("{label} cannot be read: {reason}", label=label, reason=reason)
    if isinstance(error, known.NoCredentialsError | known.PartialCredentialsError):
        return BadSource(
            "{label} cannot be read: there are no complete credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY",
            label=label,
        )
    if isinstance(error, known.ProfileNotFound):
        return BadSource(
            "{label} cannot be read: profile {profile} is in neither the credentials file nor the configuration file",
            label=label,
            profile=os.environ.get("AWS_PROFILE", ""),
        )
    if isinstance(error, known.EndpointConnectionError | known.ConnectTimeoutError):
        return BadSource("{label} cannot be read: no server answers at {host}", label=label, host=_host(error))
    if isinstance(error, interruptions()):
        return BadSource("{label} cannot be read: the server was lost while it was sending", label=label)
    if isinstance(error, known.BotoCoreError | ValueError):
        # Such as an endpoint that is no address; the text may repeat what was configured, so only its kind is told.
        return BadSource(
            "{label} cannot be read: the S3 configuration does not serve ({kind})",
            label=label,
            kind=type(error).__name__,
        )
    return None


def _host(error: Exception) -> str:
    """Return the server's host and port, without the user and password that an address may hold."""
    url = getattr(error, "kwargs", {}).get("endpoint_url", "")
    parts = urlsplit(str(url))
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
