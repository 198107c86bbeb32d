"""What can be wrong with a rule, each told in one sentence."""

from __future__ import annotations

from desktop_app.core.text import Text, text

# Why a rule waits; known by this sentence where the rules are counted that do.
WAITS = text("The rule waits for values of this site: %(names)s.")


class RuleProblem(Exception):
    """A rule that cannot be used; ``state`` is what the catalogue keeps, ``reason`` is what a person reads.

    ``line`` and ``column``, from 1, where the place is known; 0 where not.
    """

    state = "broken"

    def __init__(self, reason: Text, line: int = 0, column: int = 0) -> None:
        self.reason = reason
        self.line = line
        self.column = column
        super().__init__(str(reason))


class RuleBroken(RuleProblem):
    """The rule itself is wrong: it is no YAML, or no Sigma."""


class RuleUnsupported(RuleProblem):
    """The rule is right, but asks for something that the engine cannot do."""

    state = "unsupported"
