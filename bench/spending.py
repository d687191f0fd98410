"""What one import uses of AWS, counted, into a resource without records and into one with a record, and what the same
uses once more, when it changes nothing: `python -m bench.spending ROWS SOURCE`, where SOURCE is customers or tickets.

The import runs through the real pipeline over the real record store, whose requests a table in memory answers and
`CountingTransport` counts; a recorder counts the calls of all stores. The time on the CPU is that of the same import
over stores in memory.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bench.counting_transport import CountingTransport
from bench.customers import customers_csv
from bench.imports import ImportPipeline
from bench.prices import AwsUsage
from bench.tickets import customers_named, tickets_csv
from chalicelib.model.imports import Import
from chalicelib.stores import memory
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.records import DynamoDBRecords
from tests.faults.fake_table import FakeTables
from tests.faults.recorder import Call, CallRecorder

SOURCES: dict[str, Callable[[int], bytes]] = {"customers": customers_csv, "tickets": tickets_csv}
IMPORT_UNITS = 3
"""The write units of a change of an import, which has 2 to 3 KB in the control table."""
PUTS = frozenset(
    {
        "files.write_file",
        "files.write_stream",
        "files.write_streams",
        "files.copy_file",
        "files.list_keys",
        "files.delete_files",
    }
)
"""The calls that cost as much as a PUT; lists do."""
GETS = frozenset({"files.read_file", "files.open_file", "files.find_file"})
CONTROL_WRITES = {"imports.change": IMPORT_UNITS, "imports.report": IMPORT_UNITS, "results.put_once": 1}
CONTROL_READS = {"imports.find": 1, "results.find_result": 1, "results.list_results": 1}


@dataclass
class Counted:
    """The number of calls of the stores and of the machine, by name."""

    calls: Counter[str] = field(default_factory=Counter)
    laps: Counter[str] = field(default_factory=Counter)

    def count(self, call: Call) -> Any:
        self.calls[call.name] += len(call.args[0]) if call.name == "files.write_streams" else 1
        return call.perform()

    def lap(self, name: str) -> None:
        self.laps[name] += 1

    @property
    def transitions(self) -> int:
        """Of statemachine/import_machine.py: plan, route and finish; a Map, its gate and the choice behind it for each
        phase; for each task its function, the choice behind it, and its end."""
        once = self.laps["plan"] + self.laps["finish"]
        whole = self.laps["run_phases"]
        tasks = self.laps.total() - once - whole - self.laps["gate"]
        return once + 1 + 2 * whole + 3 * self.laps["gate"] + 3 * tasks


@dataclass(frozen=True)
class Spent:
    """One import, and what was counted of it."""

    import_: Import
    record_write_units: int
    requests: Counter[str]
    usage: AwsUsage


STORED: dict[str, str] = {"customers": "name,email\nAnn,ann@x.com\n", "tickets": "title,externalId\nStored,T-0\n"}
"""A record that no row of the sources names."""


def spend(content: bytes, resource: str, cpu_s: list[float], *, stored: str = "") -> tuple[Spent, Spent]:
    """Returns the import into a store with these records, or none, and the same once more, with their times on the
    CPU."""
    counted, transport = Counted(), CountingTransport(FakeTables())
    records = DynamoDBRecords(DynamoDBClient(transport, threads=1), "records")
    pipeline = ImportPipeline(CallRecorder(replace(memory.stores(), records=records), counted.count).stores)
    _prepare(pipeline, resource)
    if stored:
        pipeline.run(pipeline.upload(stored.encode()), resource)
    pipeline.lap = counted.lap

    def run(cpu_s: float) -> Spent:
        counted.calls.clear()
        counted.laps.clear()
        transport.reset()
        import_ = pipeline.run(pipeline.upload(content), resource)
        return Spent(import_, transport.write_units, transport.requests, usage_of(counted, transport, cpu_s))

    first, again = map(run, cpu_s)
    return first, again


def _prepare(pipeline: ImportPipeline, resource: str) -> None:
    """Imports the customers that tickets name."""
    if resource == "tickets":
        pipeline.run(pipeline.upload(customers_named()), "customers")


def usage_of(counted: Counted, transport: CountingTransport, cpu_s: float) -> AwsUsage:
    calls = counted.calls
    control_writes = sum(calls[name] * units for name, units in CONTROL_WRITES.items())
    control_reads = sum(calls[name] * units for name, units in CONTROL_READS.items())
    return AwsUsage(
        write_units=transport.write_units + control_writes,
        read_units=transport.read_units + control_reads,
        puts=sum(calls[name] for name in PUTS),
        gets=sum(calls[name] for name in GETS),
        transitions=counted.transitions,
        invocations=counted.laps.total(),
        cpu_s=cpu_s,
    )


def cpu_s_of(content: bytes, resource: str) -> list[float]:
    """Returns the time on the CPU of the import, and of the same once more."""
    pipeline = ImportPipeline(memory.stores())
    _prepare(pipeline, resource)
    laps: list[float] = []
    for _ in range(2):
        file, since = pipeline.upload(content), time.process_time()
        pipeline.run(file, resource)
        laps.append(time.process_time() - since)
    return laps


def main() -> None:
    rows, resource = int(sys.argv[1]), sys.argv[2]
    content = SOURCES[resource](rows)
    cpu_s = cpu_s_of(content, resource)
    first, again = spend(content, resource, cpu_s)
    beside, _ = spend(content, resource, cpu_s, stored=STORED[resource])
    assert first.import_.stats.accounted == first.import_.stats.total == rows, first.import_.stats
    assert beside.import_.stats == first.import_.stats, (beside.import_.stats, first.import_.stats)
    assert again.import_.stats.created == again.import_.stats.updated == again.record_write_units == 0, again
    found = {
        "created": first.import_.stats.created,
        "record_write_units": first.record_write_units,
        "requests": first.requests,
        "usage": asdict(first.usage),
        "usage_beside": asdict(beside.usage),
        "usage_unchanged": asdict(again.usage),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
