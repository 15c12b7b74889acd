"""One's own: page, data, leaving and being forgotten."""
