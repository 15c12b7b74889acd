"""Promises of money: made, confirmed, called, withdrawn, allotted."""
