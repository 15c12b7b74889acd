"""The bank: lines that came, and what each became."""
