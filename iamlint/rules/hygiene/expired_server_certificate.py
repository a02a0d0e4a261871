"""Flags a server certificate in IAM that has expired.

Someone may deploy it again by mistake, and clients then refuse the site. The CIS benchmark asks to
remove it. The list has no time of its own: a certificate counts as expired at the newest upload in
the list, or at `--at`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.file_value import SubjectKind
from iamlint.load.reports.times import read_time
from iamlint.policy.at import At
from iamlint.rule import Confidence, Controls, Family, Hit, Rule, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext


def check_subject(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    now, end = context.time_of(subject), read_time(subject.node(("Expiration",)))
    if now is not None and end is not None and end < now:
        message = f"server certificate `{subject.name}` expired on {end.date()}"
        yield Hit(At(("Expiration",)), message)


RULE = Rule(
    name="expired-server-certificate",
    family=Family.HYGIENE,
    module=__name__,
    summary="IAM has a server certificate that has expired",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=4.0,
    controls=Controls(cis=("1.19",), cis_7=("2.17",), security_hub=("IAM.26",)),
    subjects=frozenset({SubjectKind.CERTIFICATE}),
    advice="delete the certificate, and use AWS Certificate Manager for new ones",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html",),
    check_subject=check_subject,
    bad=(
        bad(
            "a certificate that expired before another one was uploaded",
            """
{"ServerCertificateMetadataList": [{
  "ServerCertificateName": "old",
  "Arn": "arn:aws:iam::111122223333:server-certificate/old",
  "UploadDate": "2023-01-02T03:04:05+00:00",
  "Expiration": "2024-01-02T03:04:05+00:00" //!
}, {
  "ServerCertificateName": "new",
  "Arn": "arn:aws:iam::111122223333:server-certificate/new",
  "UploadDate": "2024-02-02T03:04:05+00:00",
  "Expiration": "2025-02-02T03:04:05+00:00"
}]}""",
            file="certificates.json",
        ),
        bad(
            "the same in YAML",
            """
ServerCertificateMetadataList:
- Arn: arn:aws:iam::111122223333:server-certificate/old
  Expiration: '2024-01-02T03:04:05+00:00' //!
  ServerCertificateName: old
  UploadDate: '2024-05-02T03:04:05+00:00'""",
            file="certificates.yaml",
        ),
    ),
    good=(
        good(
            "a certificate that is valid",
            """
{"ServerCertificateMetadataList": [{
  "ServerCertificateName": "new",
  "Arn": "arn:aws:iam::111122223333:server-certificate/new",
  "UploadDate": "2024-02-02T03:04:05+00:00",
  "Expiration": "2099-02-02T03:04:05+00:00"
}]}""",
            file="certificates.json",
        ),
        good(
            "a date that is not known",
            """
{"ServerCertificateMetadataList": [{
  "ServerCertificateName": "odd",
  "Arn": "arn:aws:iam::111122223333:server-certificate/odd",
  "UploadDate": "2024-02-02T03:04:05+00:00",
  "Expiration": "soon"
}]}""",
            file="certificates.json",
        ),
    ),
)
