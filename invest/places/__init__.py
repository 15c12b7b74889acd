"""Places: their inventory, what fits what, who makes and sells there, and the path of a group."""
