"""Rows as frames."""

from collections.abc import Sequence
from typing import Any

import pandas as pd


def as_frame(rows: Any, columns: Sequence[str], whole: Sequence[str] = ()) -> pd.DataFrame:
    """Rows as a frame; the columns named `whole` as int64, the rest as they come."""
    frame = pd.DataFrame(list(rows), columns=list(columns))
    return frame.astype(dict.fromkeys(whole, "int64"))
