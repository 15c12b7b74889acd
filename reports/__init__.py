"""Telling. Owns no facts and writes no book.

`figures` turns book and promises into data frames (the only reader of the database here),
`charts` turns frames into pictures with their tables, `fair` gathers all that a page, a PDF or a
deck needs into one frozen `FairReport`.
"""
