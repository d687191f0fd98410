"""Mutants: one small change each to a condition in the code, which some test of the changed module must notice.

`make mutants` draws MUTANTS of them by SEED, runs each under its module's own tests and says which survived.
"""
