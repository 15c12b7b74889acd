"""The desks of vehicles: registers and actions, holders, offers."""
