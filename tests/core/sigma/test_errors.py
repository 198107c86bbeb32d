from __future__ import annotations

from desktop_app.core.sigma.errors import RuleBroken, RuleProblem, RuleUnsupported
from desktop_app.core.text import text


def test_a_problem_says_its_state_and_its_reason() -> None:
    for kind, state in ((RuleBroken, "broken"), (RuleUnsupported, "unsupported")):
        problem = kind(text("Line %(line)s is wrong.", line=3))
        assert isinstance(problem, RuleProblem)
        assert (problem.state, str(problem)) == (state, "Line 3 is wrong.")
