"""How the Lambda concurrency of an account is shared out: between requests, announcements, imports and exports.

Comes in: the account's concurrency. Goes out: what is reserved for whom, how many jobs run at the same time, and how
many tasks each of them may have at once, so that all of them together find functions:

    (imports + exports) × tasks of each ≤ account − reserved − spare

`local/template.py` makes the template's shares of it, `config.py` the limits.
Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""

from dataclasses import dataclass
from math import isqrt

ACCOUNTS = (10, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
"""The concurrencies for which the template has shares; new accounts have 10, usual ones 1,000."""
LEFT_UNRESERVED = 100
"""What an account must leave to functions that have nothing reserved (AWS)."""
MOST_JOBS = 125
"""Imports and exports at once: the slots of the imports, 100, are read by one BatchGetItem (AWS)."""
PROCESSING_TASKS = 8
"""Tasks of one import that write at the same time: they share what the records table takes, and each sends up to some
9,000 statements a second."""
TASKS_OF_A_JOB = 2
"""Tasks of one job at the same time, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcurrencyShares:
    """The shares of one account, each a number of functions or jobs at the same time."""

    api: int
    """Reserved for requests; 0 where nothing can be reserved."""
    announcements: int
    """Reserved for events and webhooks; 0 where nothing can be reserved."""
    spare: int
    """Left for functions of moments (uploads, gates, the clock), and for requests where none are reserved."""
    imports: int
    exports: int
    tasks: int
    """Of one import or export, at the same time: the `MaxConcurrency` of its Maps."""

    @property
    def writers(self) -> int:
        """Those of `tasks` that may write records at the same time: the `ProcessingConcurrency`."""
        return min(PROCESSING_TASKS, self.tasks)


def shares_of(account: int) -> ConcurrencyShares:
    """Returns the shares of an account with this concurrency, 10 or more.

    A fifth is reserved for requests and a fiftieth for announcements where that leaves `LEFT_UNRESERVED`; of the rest
    an eighth is spare. A fifth of the jobs are exports. A job has a third as many tasks at once as there are jobs.
    """
    api, announcements = account // 5, account // 50
    if account - api - announcements < LEFT_UNRESERVED:
        api = announcements = 0
    unreserved = account - api - announcements
    spare = max(2, unreserved // 8)
    tasks = max(TASKS_OF_A_JOB, isqrt((unreserved - spare) // 3))
    jobs = min(MOST_JOBS, (unreserved - spare) // tasks)
    exports = max(1, jobs // 5)
    return ConcurrencyShares(
        api=api, announcements=announcements, spare=spare, imports=jobs - exports, exports=exports, tasks=tasks
    )
