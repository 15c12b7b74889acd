"""The pages and desks of a fair: before, during and after."""
