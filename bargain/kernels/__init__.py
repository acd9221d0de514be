"""Kernels: exact integer geometry and batched array arithmetic, with no knowledge of games as objects."""
