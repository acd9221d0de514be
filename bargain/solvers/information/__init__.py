"""Trees with private information: beliefs, signalling, the sequence form, agents, mediators."""
