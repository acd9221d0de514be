"""The shipped models, installed as `bargain.models`."""
