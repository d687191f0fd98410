"""A bucket in memory that sums nothing up: S3 makes the checksums of its objects on its own machines."""

import time
from dataclasses import replace

from chalicelib.stores import memory
from chalicelib.stores.interfaces import Stores


class UnsummedFiles(memory.MemoryFiles):
    @staticmethod
    def checksum_of(content: bytes) -> str:
        return str(len(content))


def stores() -> Stores:
    """A fresh, empty set."""
    return replace(memory.stores(), files=UnsummedFiles(clock=time.time))
