"""Enkla bolag: partners who do something together without a company of their own."""
