"""A certificate for loopback, and the authority that has issued it, so that what TLS costs can be measured.

Both lie in files, because servers and boto3 read them from there; they are issued once, by the first who asks.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme

from local.paths import ROOT


@dataclass(frozen=True, slots=True)
class Certificate:
    """Two files in PEM."""

    served: Path
    """The key and the certificate, for the server."""
    authority: Path
    """Whom clients have to trust."""

    def trust(self) -> ssl.SSLContext:
        """Returns trust in the authority alone."""
        return ssl.create_default_context(cafile=str(self.authority))


def certificate_in(folder: Path = ROOT / "build" / "bench") -> Certificate:
    """Returns the certificate for 127.0.0.1 that lies in a folder; issues it where there is none."""
    certificate = Certificate(folder / "served.pem", folder / "authority.pem")
    if not certificate.authority.exists():
        folder.mkdir(parents=True, exist_ok=True)
        authority = trustme.CA()
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(certificate.served))
        authority.cert_pem.write_to_path(str(certificate.authority))
    return certificate
