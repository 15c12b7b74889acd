"""The front page: what all the rooms below have to show."""
