"""Contestants: what the service does, in rounds that can be measured."""
