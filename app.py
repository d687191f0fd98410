"""The composition root; a placeholder until the operations and the pipeline are put together here.

It declares every Lambda function under the name that template.yaml, the policy files and the state machine know.
"""

from typing import Any

from chalice.app import Chalice, Rate

app = Chalice(app_name="sluice")

Event = dict[str, Any]


@app.route("/v1/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.lambda_function(name="plan")
def plan(event: Event, _context: object) -> Event:
    return event


@app.lambda_function(name="travel")
def travel(event: Event, _context: object) -> Event:
    return event


@app.lambda_function(name="travel_workbook")
def travel_workbook(event: Event, _context: object) -> Event:
    return event


@app.lambda_function(name="read_span")
def read_span(event: Event, _context: object) -> Event:
    return event


@app.lambda_function(name="read_workbook")
def read_workbook(event: Event, _context: object) -> Event:
    return event


@app.lambda_function(name="drop_duplicates")
def drop_duplicates(event: Event, _context: object) -> Event:
    return event


@app.lambda_function(name="run_batch")
def run_batch(event: Event, _context: object) -> Event:
    return event


@app.lambda_function(name="sweep_shard")
def sweep_shard(event: Event, _context: object) -> Event:
    return event


@app.lambda_function(name="gate")
def gate(event: Event, _context: object) -> Event:
    return event


@app.lambda_function(name="finish")
def finish(event: Event, _context: object) -> Event:
    return event


@app.on_cw_event({"source": ["aws.s3"], "detail-type": ["Object Created"]}, name="on_file")
def on_file(_event: object) -> None:
    return None


@app.on_cw_event({"source": ["aws.states"]}, name="on_machine_stopped")
def on_machine_stopped(_event: object) -> None:
    return None


@app.schedule(Rate(5, unit=Rate.MINUTES), name="reap")
def reap(_event: object) -> None:
    return None
