"""Money back: plans, repayments, distributions and their proof."""
