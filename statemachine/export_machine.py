"""One export as a state machine: shards are read side by side, then files are written one after the other.

    Start → Read → Gate → Join ⟲ → Finish

Every shard of the record store is read by a task of its own, a gate demands all their results, and one function after
the other writes at the files, until the last of them is complete and the counts have been compared. A function that is
killed ends the export, wherever it is: the others find that it has ended.
"""

from collections.abc import Mapping

from chalicelib.exports.events import ExportRoute, Steering
from statemachine.asl import State, TaskStates, call, choose, each_task, from_input

EXPORT = from_input("tenant_id", "export_id")

KILLED = "FinishKilled"


def export_machine(mode: Mapping[str, str]) -> State:
    """Returns the definition; `mode` is how its Map runs."""
    finish_killed = call("steer_export", {**EXPORT, "step": Steering.FINISH.value, **from_input("killed")})
    states = {
        "Start": call("steer_export", {**EXPORT, "step": Steering.START.value}, then="AfterStart", when_killed=KILLED),
        "AfterStart": choose({ExportRoute.READ.value: "Read"}, otherwise="Finish"),
        "Read": each_task("Read", TaskStates("export_shard", EXPORT, finish_killed), mode, then="Gate"),
        "Gate": call("steer_export", {**EXPORT, "step": Steering.GATE.value}, then="AfterGate", when_killed=KILLED),
        "AfterGate": choose({ExportRoute.JOIN.value: "Join"}, otherwise="Finish"),
        "Join": call("join_export", then="AfterJoin", when_killed=KILLED),
        "AfterJoin": choose({ExportRoute.JOIN.value: "Join"}, otherwise="Finish"),
        "Finish": call("steer_export", {**EXPORT, "step": Steering.FINISH.value, **from_input("stopped_by")}),
        KILLED: finish_killed,
    }
    return {"Comment": "One export; see statemachine/export_machine.py.", "StartAt": "Start", "States": states}
