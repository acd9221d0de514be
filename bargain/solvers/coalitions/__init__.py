"""Coalitional games: values, the core, the nucleolus, rationing."""
