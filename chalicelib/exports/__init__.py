"""Asynchronous exports: their service, their state machine, and the files they leave."""
