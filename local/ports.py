"""Free ports on loopback, the same as last time where possible."""

import socket

LOOPBACK = "127.0.0.1"


def find_port(wanted: int = 0, tries: int = 50) -> int:
    """Returns the wanted port, or the next free one above it; any free one where none is wanted. Raises OSError if all
    are taken.
    """
    for port in range(wanted, wanted + tries) if wanted else [0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError(f"no free port from {wanted} to {wanted + tries - 1}")
