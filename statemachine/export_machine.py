"""One export as a state machine: shards are read side by side, then files are written one after the other.

    Start → Read → Gate → Join ⟲ → Finish

Every shard of the record store is read by a task of its own, a gate demands all their results, and one function after
the other writes at the files, until the last of them is complete and the counts have been compared.
"""

from collections.abc import Mapping

from chalicelib.exports.events import ExportRoute, Steering
from statemachine.asl import State, call, choose, each_task, from_input

EXPORT = from_input("tenant_id", "export_id")


def export_machine(mode: Mapping[str, str]) -> State:
    """Returns the definition; `mode` is how its Map runs."""
    states = {
        "Start": call("steer_export", {**EXPORT, "step": Steering.START.value}, then="AfterStart"),
        "AfterStart": choose({ExportRoute.READ.value: "Read"}, otherwise="Finish"),
        "Read": each_task("export_shard", EXPORT, mode, then="Gate"),
        "Gate": call("steer_export", {**EXPORT, "step": Steering.GATE.value}, then="AfterGate"),
        "AfterGate": choose({ExportRoute.JOIN.value: "Join"}, otherwise="Finish"),
        "Join": call("join_export", then="AfterJoin"),
        "AfterJoin": choose({ExportRoute.JOIN.value: "Join"}, otherwise="Finish"),
        "Finish": call("steer_export", {**EXPORT, "step": Steering.FINISH.value, **from_input("stopped_by")}),
    }
    return {"Comment": "One export; see statemachine/export_machine.py.", "StartAt": "Start", "States": states}
