"""Stödspar: savers' own deposits at a member bank earn points that carry a project's loan."""
