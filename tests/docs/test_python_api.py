"""The public Python API: what `import digestbot` offers, what it costs, and a page of examples that run."""

from __future__ import annotations

import ast
import doctest
import inspect
import re
import subprocess
import sys

import pytest
from reference import ROOT

import digestbot

PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
HEAVY = ("numpy", "scipy", "sumy", "aiohttp", "sqlalchemy", "jinja2", "pydantic", "lxml")


def python(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_examples_of_the_page_run():
    """Each example of docs/python.md prints what the page shows, one after the other."""
    names: dict[str, object] = {}
    examples = re.findall(r"^```pycon\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert len(examples) >= 6
    said: list[str] = []
    for number, text in enumerate(examples, start=1):
        test = doctest.DocTestParser().get_doctest(text, names, f"docs/python.md, example {number}", None, 0)
        doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=said.append, clear_globs=False)
        names.update(test.globs)
    assert not said, "".join(said)


def test_the_page_uses_every_function_and_no_name_that_is_not_public():
    """A function without an example, or an example of a private name, is named."""
    used = {
        name.strip()
        for line in re.findall(r"^>>> from digestbot import (.+)$", PAGE, re.MULTILINE)
        for name in line.split(",")
    }
    assert used <= set(digestbot.__all__)
    functions = {name for name in digestbot.__all__ if inspect.isfunction(getattr(digestbot, name))}
    assert functions <= used, f"docs/python.md: show {functions - used} at work"


def test_importing_digestbot_loads_nothing_heavy():
    """`import digestbot` is for everybody's scripts: nothing is loaded before it is asked for."""
    loaded = python(f"import sys, digestbot; print(*set({HEAVY}) & set(sys.modules))")
    assert loaded == ""


@pytest.mark.parametrize("before", ["", "import digestbot.render, digestbot.summarise; ", "import digestbot.cli; "])
def test_public_names_win_over_rooms_of_the_same_name(before: str):
    """`render` and `summarise` are the functions, whatever was imported before."""
    code = "from digestbot import cluster, render, summarise; print(callable(render), callable(summarise), callable(cluster))"
    again = "; import digestbot, digestbot.render; from digestbot.render import Templates; print(callable(digestbot.render))"
    assert python(before + code + again) == "True True True\nTrue"


@pytest.mark.parametrize("name", digestbot.__all__)
def test_every_public_name_can_be_had_and_is_documented(name: str):
    """It exists, `dir` shows it, and a docstring says what it is for."""
    value = getattr(digestbot, name)
    assert name in dir(digestbot)
    text = inspect.getdoc(value) or ""
    assert text, f"{name}: write a docstring"
    if inspect.isfunction(value):
        assert value.__name__ == name
        assert "Args:" in text or "`" in text, f"{name}: say what its arguments are"


def test_an_unknown_name_is_an_attribute_error():
    """As of any module, so that `hasattr` and tab completion work."""
    assert not hasattr(digestbot, "nonsense")
    with pytest.raises(ImportError):
        exec("from digestbot import nonsense")


def test_editors_see_the_same_names_as_python():
    """The names under TYPE_CHECKING are those of `__all__`, sorted."""
    tree = ast.parse((ROOT / "digestbot" / "__init__.py").read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    imported = {alias.name for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert imported == set(digestbot.__all__)
    assert list(digestbot.__all__) == sorted(digestbot.__all__, key=lambda name: (name[0].islower(), name))


def test_names_that_benchmarks_and_outside_checks_use():
    """However the rooms move, these stay importable."""
    from digestbot.collect.feeds import parse_feed
    from digestbot.stories import cluster
    from digestbot.summarise import summarise

    assert (parse_feed, cluster, summarise) == (digestbot.parse_feed, digestbot.cluster, digestbot.summarise)
