"""What rules say of findings, in the reader's language; each rule is read once a request."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from desktop_app.core.database import Connection
from desktop_app.core.findings import FindingRow
from desktop_app.core.rules import catalogue
from desktop_app.core.rules.texts import Texts, finding_texts, finding_title
from desktop_app.web.i18n import Language

if TYPE_CHECKING:
    from desktop_app.core.rules.catalogue import RuleRow


class Sentences:
    """The texts of findings, from the catalogue of rules."""

    def __init__(self, db: Connection, language: Language) -> None:
        self._db = db
        self.language = language

    @cached_property
    def _rules(self) -> dict[str, RuleRow | None]:
        return {}

    def rule(self, rule_id: str) -> RuleRow | None:
        """Return a rule of the catalogue; None when it is gone with its pack."""
        if rule_id not in self._rules:
            self._rules[rule_id] = catalogue.rule(self._db, rule_id)
        return self._rules[rule_id]

    def rule_title(self, rule_id: str) -> str:
        """Return the name of a rule; our own rules have one in each language."""
        rule = self.rule(rule_id)
        return (finding_texts(rule.body, {}, self.language).name or rule.title) if rule else rule_id

    def of(self, row: FindingRow) -> Texts:
        """Return what the rule of a finding says of it."""
        rule = self.rule(row.rule_id)
        return finding_texts(rule.body if rule else "", row.values, self.language)

    def title(self, row: FindingRow) -> str:
        """Return the sentence that names a finding."""
        rule = self.rule(row.rule_id)
        return finding_title(rule.body if rule else "", row.values, self.language) or row.rule_id

    def page(self, rule_id: str) -> Texts:
        """Return what a rule says whatever it found: no values are put in."""
        rule = self.rule(rule_id)
        return finding_texts(rule.body if rule else "", {}, self.language)

    def name(self, rule_id: str) -> str:
        """Return what a rule is called; its id where it is gone."""
        return self.page(rule_id).name or rule_id
