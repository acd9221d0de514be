"""Solver-speed regression benchmarks: every task times ours beside a peer, in one process, on the same input.

``python -m benchmarks`` prints the table; ``--compare REVISION`` times another revision of the package against this one;
``pytest benchmarks`` runs the tasks under pytest-benchmark, and with ``--benchmark-disable`` only their answers.
"""
