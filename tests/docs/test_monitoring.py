"""The alert rules and the board ask for figures that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from digestbot.model import DeliveryState
from digestbot.web import metrics

FOLDER = Path(__file__).parents[2] / "docs" / "monitoring"
EXPORTED = set(re.findall(r'"(digestbot_\w+)"', Path(metrics.__file__).read_text(encoding="utf-8")))
LABELS = {"digest", "state", "channel", "list", "health", "version", "job"}


def asked() -> list[str]:
    """Every expression of both files."""
    rules = (FOLDER / "alerts.yml").read_text(encoding="utf-8")
    board = json.loads((FOLDER / "grafana.json").read_text(encoding="utf-8"))
    found = re.findall(r"^ +expr: (.+)$", rules, re.MULTILINE)
    assert len(found) == rules.count("- alert:") > 4
    return found + [target["expr"] for panel in board["panels"] for target in panel["targets"]]


@pytest.mark.parametrize("expression", asked())
def test_every_expression_asks_for_figures_that_there_are(expression: str):
    """By their names, labels and states: a figure that is renamed takes its alerts along."""
    names = set(re.findall(r"digestbot_\w+", expression))
    assert names <= EXPORTED
    assert names or 'up{job="digestbot"}' in expression
    labels = re.findall(r"(\w+)(?:=~|!~|=|!=)\"([^\"]*)\"", expression)
    labels += [(name, "") for inside in re.findall(r"by \(([^)]*)\)", expression) for name in inside.split(", ")]
    assert {name for name, _ in labels} <= LABELS
    states = {word for name, words in labels if name == "state" for word in words.split("|") if word}
    assert states <= {state.value for state in DeliveryState}


def test_the_board_names_no_data_source_of_somebody_else():
    """Whoever imports it chooses theirs; no two panels have one id or lie on one another."""
    board = json.loads((FOLDER / "grafana.json").read_text(encoding="utf-8"))
    panels = board["panels"]
    assert {panel["datasource"]["uid"] for panel in panels} == {"${source}"}
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken = [
        (panel["gridPos"]["x"] + across, panel["gridPos"]["y"] + down)
        for panel in panels
        for across in range(panel["gridPos"]["w"])
        for down in range(panel["gridPos"]["h"])
    ]
    assert len(set(taken)) == len(taken)
    assert max(column for column, _ in taken) < 24
