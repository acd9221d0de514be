"""Alternating offers: stationary tables, last offers, bounds on all equilibria, several issues."""
