"""What the state machine does: plan, run tasks, pass gates, finish.

Events in, small answers out; rows lie in work objects.
"""
