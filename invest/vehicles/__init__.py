"""Vehicles: their books, offers, holdings, actions and registers."""
