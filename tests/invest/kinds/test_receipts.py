"""What a payment settles, and in which order."""

from dataclasses import astuple

from hypothesis import given
from hypothesis import strategies as st

from invest.kinds.microfund.receipts import Parts, allocate

OWED = Parts(100, 200, 300, 400, 5_000)
minor = st.integers(0, 10**9)


def test_s7_5_the_order_is_costs_late_interest_interest_fee_principal():
    assert allocate(50, OWED) == Parts(costs_minor=50)
    assert allocate(250, OWED) == Parts(100, 150)
    assert allocate(600, OWED) == Parts(100, 200, 300)
    assert allocate(2_000, OWED) == Parts(100, 200, 300, 400, 1_000)
    assert allocate(6_100, OWED) == Parts(100, 200, 300, 400, 5_000, 100)


@given(minor, st.builds(Parts, minor, minor, minor, minor, minor))
def test_s7_5_parts_sum_to_what_was_paid_and_none_exceeds_what_is_owed(paid, owed):
    parts = astuple(allocate(paid, owed))
    asked = astuple(owed)

    assert sum(parts) == paid
    assert all(part <= most for part, most in zip(parts[:-1], asked[:-1], strict=True))
    # A part is touched only when everything before it is settled.
    for i, part in enumerate(parts):
        if part:
            assert parts[:i] == asked[:i]
