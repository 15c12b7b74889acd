"""The models of the program as one picture: a tower of rooms, and what points at what.

`rooms` reads the models, `boxes` finds everybody a place, `ink` writes SVG. Nothing is placed by
hand, so that a new table finds its floor by itself: `manage.py data_model` draws it anew.
"""
