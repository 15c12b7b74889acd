"""The organiser's desk: all gatherings, one of them, and asking others to take part."""
