"""Axiomatic solutions of bargaining problems, and what their axioms are worth."""
