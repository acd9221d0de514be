"""Models: classics."""
