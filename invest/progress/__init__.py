"""How a project stands: committed, received, enabled, goals, local share; each fact once."""
