"""Direktlån: many savers lend to one project, by a plan or until they give notice."""

from invest.kinds.direct_loan.terms import DirectLoan

__all__ = ["DirectLoan"]
