"""What the pages of places show."""
