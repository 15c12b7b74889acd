"""Insatser: stakes of members, and subordinated ones, in an economic association."""
