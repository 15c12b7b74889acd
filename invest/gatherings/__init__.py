"""Gatherings: called, moved, cancelled; who comes; minutes; and doing a thing together."""
