"""Vouchers by their codes: found, redeemed, undone, lapsed."""
