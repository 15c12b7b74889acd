"""Money. What it did, and nothing about who agreed to what.

Read in this order: `models` (nouns and constraints), `book` (the only writer), `balances` (the
readers), `audit` (recomputes everything), `seal` (the hash chain), `guards` (why the database
refuses), `money` (exact arithmetic) and `errors` (every refusal). `bank` reads statement files,
`exports` writes the book out for other programs. docs/accounting.md tells it as a story.
"""
