"""The book out, for programs that are not ours: a second opinion on every balance."""
