"""Promises. What people agreed, and what became of it.

`models` hold the nouns; the verbs live in modules named by noun (`pledges`, `matching`,
`repayments`, `distributions`, `offerings`, `people`). `vehicles` has one file per kind,
`schedules` the arithmetic of repayment; both know no database. `queries` reads for the pages,
`access` says who may.
"""
