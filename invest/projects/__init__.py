"""Projects: their pages, their stages and the gates between, how they see themselves."""
