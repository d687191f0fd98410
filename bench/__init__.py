"""Benchmarks: every figure of docs/performance.md, ours and a peer's side by side in one run, as ratios.

    suites/   what is measured, one file for each figure or kind of figures
    ours/     what the service does in them      peers/  what the usual libraries do

Nothing here is imported by the service. `make bench` runs it in an environment of its own.
"""
