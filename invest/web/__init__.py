"""What the views of every room share: doors of the desks, fields, tables, papers, throttle."""
