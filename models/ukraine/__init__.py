"""Models: ukraine."""
