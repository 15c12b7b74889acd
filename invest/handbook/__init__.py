"""The handbook: chapters, search, the chooser and the calculators."""
