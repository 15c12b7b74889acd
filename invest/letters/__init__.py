"""Letters: written in the transaction that they tell of, kept as written, and sent after it."""
