"""The pages and the desk of places."""
