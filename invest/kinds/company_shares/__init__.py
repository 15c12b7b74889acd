"""Aktier i ett lokalt bolag: terms, rules and sheets, and what may be paid out."""
