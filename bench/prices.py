"""What AWS asks in us-east-1, on demand, in US dollars (price lists of 2025), and what counted calls come to.

Not counted: storage, free tiers, data transfer, CloudWatch. Of Lambda only the time on the CPU, at one core; what a
function waits for its writes, beside which others wait too, depends on how many of them run at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

WRITE_UNIT = 0.625e-6
READ_UNIT = 0.125e-6
PUT = 5e-6
"""S3: PUT, COPY, POST, LIST."""
GET = 0.4e-6
TRANSITION = 25e-6
"""Step Functions, Standard."""
INVOCATION = 0.2e-6
GB_SECOND = 13.3334e-6
"""Lambda on arm64."""
FUNCTION_GB = 1769 / 1024
"""One core."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsUsage:
    """What one import has used."""

    write_units: float = 0
    read_units: float = 0
    puts: int = 0
    gets: int = 0
    transitions: int = 0
    invocations: int = 0
    cpu_s: float = 0

    def costs(self) -> Mapping[str, float]:
        """US dollars by what they are paid for."""
        return {
            "DynamoDB writes": self.write_units * WRITE_UNIT,
            "DynamoDB reads": self.read_units * READ_UNIT,
            "S3": self.puts * PUT + self.gets * GET,
            "Step Functions": self.transitions * TRANSITION,
            "Lambda": self.invocations * INVOCATION + self.cpu_s * FUNCTION_GB * GB_SECOND,
        }

    def cost(self) -> float:
        return sum(self.costs().values())


def least_cost(created: int, identities: int) -> float:
    """Of the writes alone: each record, and a claim for each of its unique identities."""
    return created * (1 + identities) * WRITE_UNIT


def units(size_bytes: int, unit_bytes: int) -> int:
    """DynamoDB rounds up; nothing at all counts as one."""
    return max(1, -(-size_bytes // unit_bytes))
