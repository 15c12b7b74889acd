"""A purchase group becomes an association or a company, and its people are asked."""
