"""Tags of the reports that other apps' pages may load."""
