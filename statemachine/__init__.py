"""The state machines as Python that writes Amazon States Language: one file for each machine, and the words they share.

Packaging (`local/template.py`) puts what they return into the template. `tests/unit/test_statemachine.py` holds the
graphs that come out.
"""
