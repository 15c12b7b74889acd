"""Help in kind: offered, accepted, delivered; counted in its own unit, never added to money."""
