"""Fairs: programme, board, pledges on paper, what came of them, and asking afterwards."""
