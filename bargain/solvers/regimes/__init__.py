"""Regimes of large trees: plays, the conditions that make them equilibria, and a cover that is proved."""
