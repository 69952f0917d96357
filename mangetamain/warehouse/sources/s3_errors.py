"""What can go wrong with a bucket, each said in one sentence without a credential in it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from mangetamain.errors import BadSource
from mangetamain.language import N_, Message, Value, say

_REGION = N_("the region is not the server's; set AWS_REGION or the profile's region")
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
    "RequestExpired": N_("this machine's clock is wrong"),
    "PermanentRedirect": _REGION,
    "TemporaryRedirect": _REGION,
    "301": _REGION,
    "307": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
}


def interruptions() -> tuple[type[Exception], ...]:
    """List what a connection that breaks in the middle raises."""
    from botocore.exceptions import HTTPClientError, IncompleteReadError, ResponseStreamingError
    from urllib3.exceptions import HTTPError

    return (HTTPClientError, IncompleteReadError, ResponseStreamingError, HTTPError)


@contextlib.contextmanager
def explained(label: str) -> Iterator[None]:
    """Turn what the client raises into one sentence, in which no credential and no address with one appears."""
    try:
        yield
    except BadSource:
        raise
    except Exception as error:  # of which some of the client's are OSErrors, without a text
        reason = _reason(error)
        if reason is None:
            raise
        raise BadSource("{label} cannot be read: {reason}", label=label, reason=reason) from None


def _reason(error: Exception) -> Value | None:
    from botocore import exceptions as known

    if isinstance(error, known.ClientError):
        return _answered(error.response)
    if isinstance(error, known.NoCredentialsError | known.PartialCredentialsError):
        return say("there are no complete credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    if isinstance(error, known.ProfileNotFound):
        return say("profile {profile} is in neither the credentials file nor the configuration file",
                   profile=os.environ.get("AWS_PROFILE", ""))  # fmt: skip
    if isinstance(error, known.ProxyConnectionError):
        return say("the proxy that HTTPS_PROXY or HTTP_PROXY names does not answer")
    if isinstance(error, known.SSLError):
        return _untrusted(error)
    if isinstance(error, known.EndpointConnectionError | known.ConnectTimeoutError):
        return say("no server answers at {host}", host=_host(error))
    if isinstance(error, RecursionError):  # botocore asks in vain where a redirection leads
        return say(_REGION)
    if isinstance(error, interruptions()):
        return say("the server was lost while it was sending")
    if isinstance(error, known.BotoCoreError | ValueError):
        # Such as an endpoint that is no address; the text may repeat what was configured, so only its kind is said.
        return say("the S3 configuration does not serve ({kind})", kind=type(error).__name__)
    return None


def _answered(response: Mapping[str, Any]) -> Value:
    """Say what the server refused; where it names its region, in whichever way, the region is what to mend."""
    details = response.get("Error", {})
    code = details.get("Code") or ""  # an answer's element may be there and empty
    headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    expected = re.search(r"expect(?:ed|ing)?:? '([\w-]+)'", details.get("Message") or "")
    region = expected[1] if expected else details.get("Region") or headers.get("x-amz-bucket-region", "")
    if _ANSWERS.get(code) == _REGION and re.fullmatch(r"[\w-]{1,60}", region):
        return say("the server's region is {region}; set AWS_REGION or the profile's region to it", region=region)
    return say(_ANSWERS[code]) if code in _ANSWERS else code or say("the server refused without a reason")


def _untrusted(error: Exception) -> Message:
    """Tell a server that does not speak TLS from one whose certificate is not trusted."""
    if re.search("WRONG_VERSION_NUMBER|wrong version number|UNKNOWN_PROTOCOL|RECORD_LAYER", str(error)):
        return say("there is no TLS at {host}; write its endpoint with http:// instead of https://", host=_host(error))
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return say(
            "the certificate of {host} is not trusted; set AWS_CA_BUNDLE to the file of the authority that signed it",
            host=_host(error),
        )
    if bundle := _bundle():
        return say(
            "the file of certificates {bundle}, which AWS_CA_BUNDLE or the profile names, is missing or holds none",
            bundle=bundle,
        )
    return say("no TLS connection with {host} could be made", host=_host(error))


def _bundle() -> str | None:
    """Return the file of certificates that the client is to use."""
    import boto3
    from botocore.exceptions import BotoCoreError

    try:
        named = boto3.Session()._session.get_config_variable("ca_bundle")
    except BotoCoreError:
        named = None
    return named or os.environ.get("REQUESTS_CA_BUNDLE")


def _host(error: Exception) -> str:
    """Return the server's host and port, without the user and password that an address may hold."""
    url = getattr(error, "kwargs", {}).get("endpoint_url", "")
    parts = urlsplit(str(url))
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
