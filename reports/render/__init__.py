"""Renderings of a finished fair report, one module a kind: each takes the report and gives bytes.

`images` draws its charts, `pdf` and `posters` are for paper, `html` is one file to take along,
`slides` and `sheets` are for office programs, `data` for other programs; `pack` gathers them all.
None of them counts anything, and all speak the language that is in force.
"""
