"""The tasks of an import, one file for each kind: read work objects, let the phase decide, write work objects.

A task may run twice, late, or at the same time as its double. It writes under its own attempt id and returns a result
of which only the first counts; records are written under conditions.
"""
