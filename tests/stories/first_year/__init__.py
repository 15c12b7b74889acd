"""The chapters of a group's first year; `tests/stories/test_first_year.py` lives them in order."""
