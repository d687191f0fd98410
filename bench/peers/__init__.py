"""Contestants: the same work as the usual libraries do it, each as a careful person would write it."""
