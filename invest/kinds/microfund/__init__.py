"""Mikrofonder: money that goes out as loans and guarantees, comes back, and goes out again."""
