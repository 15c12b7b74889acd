"""The charts' one language: a palette for every eye and for grey, and nothing told of the few."""

import json
import re
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from django.conf import settings
from django.utils import translation

from invest.in_kind import in_kind
from invest.treasury import placing
from reports import figures
from reports.charts import COLOURS, HEAT, SUMS
from reports.charts.drawing import Lying, heat, line_ends, lying
from reports.fair import fair_report
from tests import factories as make
from tests.factories import DAY

TOKENS = Path(settings.BASE_DIR, "config/static/site/tokens.css").read_text("utf-8")


def theme(name: str) -> dict[str, str]:
    block = re.search(
        rf'^\[data-bs-theme="{name}"\] \{{(.*?)^\}}', TOKENS, re.DOTALL | re.MULTILINE
    )[1]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lightness(rgb: np.ndarray) -> float:
    """CIE L*, from linear RGB."""
    y = float(rgb @ [0.2126, 0.7152, 0.0722])
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


# Deuteranopia as a matrix on linear RGB (Machado, Oliveira and Fernandes 2009, severity 1).
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
THEMES = pytest.mark.parametrize("name", ["light", "dark"])


@THEMES
def test_the_three_sums_are_told_apart_in_grey_and_without_green(name):
    drawn = {code: linear(theme(name)[code]) for code in SUMS}

    for eye in (np.eye(3), DEUTERANOPIA):
        seen = {code: lightness((eye @ rgb).clip(0, 1)) for code, rgb in drawn.items()}
        for one, other in combinations(seen, 2):
            assert abs(seen[one] - seen[other]) >= 8, (one, other)


@THEMES
def test_the_heat_steps_rise_or_fall_evenly(name):
    steps = [lightness(linear(theme(name)[token])) for token in HEAT]
    changes = np.diff(steps)

    assert (changes > 8).all() if name == "dark" else (changes < -8).all()


@THEMES
def test_numbers_on_heat_and_bars_on_the_card_can_be_read(name):
    tokens = theme(name)

    def contrast(one: str, other: str) -> float:
        lights = sorted(float(linear(tokens[c]) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
        return (lights[1] + 0.05) / (lights[0] + 0.05)

    for i, token in enumerate(HEAT):
        assert contrast("on-pine" if i > 2 else "ink", token) >= 4.5, token
    for code in SUMS:
        assert contrast(code, "card") >= 3, code


def test_a_heat_map_darkens_by_fifths_and_writes_what_can_be_read():
    figure = heat(["30", "90"], ["En", "Två"], [[0.1, 0.95], [-1.0, float("nan")]])

    first, second = figure["data"]
    assert first["marker"]["color"] == [COLOURS["heat-1"], "rgba(0,0,0,0)"]
    assert first["text"] == ["10\xa0%", "–"]
    assert second["marker"]["color"][0] == COLOURS["heat-5"]
    assert second["insidetextfont"]["color"][0] == COLOURS["on-pine"]
    assert second["text"] == ["95\xa0%", ""]
    json.dumps(figure, allow_nan=False)


def test_a_bar_that_is_not_told_has_no_length():
    figure = lying([Lying("Ett", 5.0, "5", "pine"), Lying("Två", None, "färre än 5", "pine")])

    assert figure["data"][0]["x"] == [5.0, 0]
    assert figure["data"][1]["text"] == ["Ett · 5", "Två · färre än 5"]


def test_lines_that_end_together_get_a_legend_instead_of_names():
    assert line_ends(["a", "b"], DAY, [[0, 100], [0, 98]], 100) == []
    assert len(line_ends(["a", "b"], DAY, [[0, 100], [0, 50]], 100)) == 2


# --- The few ------------------------------------------------------------------------------


def test_12b_11_a_group_of_three_is_nowhere_in_any_chart(db):
    roof = make.share_offering(cap=300_000)
    project = roof.vehicle.project
    fair = make.fair(owner=roof.vehicle.organisation, of=(project,))
    # Three from elsewhere, three years ago in one band, with amounts like nobody's; ten others.
    strange = {"Ada": 33_500, "Bo": 34_500, "Cem": 36_500}
    early = DAY - timedelta(days=200)
    for number, (name, amount) in enumerate(strange.items()):
        promise = make.pledge(roof, amount, name, fair=fair, on=early)
        promise.person.municipality = "Fjärran"
        promise.person.save()
        call = make.called(promise, early)
        line = make.bank_line(amount * 100, call.ocr, reference=f"s{number}", on=early)
        placing.pair_by_reference(parts=[line], by="t")
    for name in ("Dee", "Eva", "Fia", "Gun", "Hans", "Ian", "Jan", "Kim", "Lo", "My"):
        make.called(make.pledge(roof, 1000, name, fair=fair))
    for name in ("Ada", "Bo", "Cem"):
        of = make.help_offer(project, name, fair=fair, quantity=Decimal(7), on=early)
        in_kind.accept(in_kind=of, on=early, by="t")

    with translation.override("sv"):
        report = fair_report(fair, DAY)

    told = json.dumps(
        [asdict(chart) for chart in report.charts] + [str(report.tiles)], ensure_ascii=False
    )
    told = re.sub(r"[\s\u00a0\u202f]+|\\u00a0", "", told)
    sums = {sum(group) for n in (1, 2) for group in combinations(strange.values(), n)}
    amounts = {form for kr in sums for form in (f"{kr}.0", f"{kr * 100},", f"{kr}kr", f'"{kr}"')}
    assert {form for form in amounts if form in told} == set()
    # The sum of the three stands in one place by the law of the house: a project's own total is
    # public. Of them alone nothing is: not by home, by day, by year, by band or by step.
    three = sum(strange.values())
    for chart in report.charts:
        if chart.id not in {"raised", "years", "sectors"}:
            shown = json.dumps(asdict(chart), ensure_ascii=False)
            assert f"{three}.0" not in shown, chart.id
            assert f"{three * 100}" not in shown, chart.id
    assert "21.0" not in json.dumps([asdict(c.data) for c in report.charts if "help" in c.id])


def test_a_step_of_the_growth_is_five_savers_or_more(db):
    roof = make.share_offering()
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    for number, name in enumerate("ABCDEFGHIJKL"):
        make.called(make.pledge(roof, 1000, name * 3, fair=fair), on=DAY + timedelta(days=number))

    table = figures.velocity(figures.fair_frames(fair, DAY + timedelta(days=30)))

    # Twelve savers, one a day: after five, and all (the last seven in one step).
    assert table["amount_minor"].tolist() == [500_000, 1_200_000]


def test_the_funnel_hides_a_sum_that_would_give_one_away_by_subtraction(db):
    roof = make.share_offering()
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    promises = [make.pledge(roof, 1000, name * 3, fair=fair) for name in "ABCDEFG"]
    for promise in promises[:6]:
        make.called(promise)

    table = figures.funnel(figures.fair_frames(fair, DAY)).set_index("step")

    # All seven would differ from the six confirmed by one.
    assert table.loc["submitted", "pledges"] == 7
    assert table.loc["submitted", "amount_minor"] == -1
    assert table.loc["confirmed", "amount_minor"] == 600_000


def test_a_forgotten_saver_makes_no_group_larger():
    frame = pd.DataFrame({"person": [1, 2, 3, 4, -9, -10], "g": ["a"] * 6})
    assert figures.persons(frame) == 4
    assert figures.are_few(frame)
    assert figures.hidden_groups(frame, "g").all()
