"""The words of a report, each in one sentence."""

from __future__ import annotations

from desktop_app.core.text import Text, text

WORDS: tuple[tuple[Text, Text], ...] = (
    (text("Finding"), text("A claim that a rule matched, with the first and the last time and how often.")),
    (text("Rule"), text("A written, versioned statement of what is noteworthy.")),
    (text("Event"), text("One record of a log, brought into a common form and never changed.")),
    (text("Evidence"), text("A copy of the record that a finding rests on, with a digest of its own.")),
    (text("Severity"), text("How grave it would be if the finding is true, from informational to critical.")),
    (text("Status"), text("How far the work is: new, in progress, suppressed, resolved or archived.")),
    (text("Verdict"), text("What a person concluded: true positive, false positive, benign or duplicate.")),
    (text("Suppression"), text("A decision, with reason and end, to hide a finding that is expected here.")),
    (text("Case"), text("Findings that are worked as one matter.")),
    (text("Asset"), text("What is protected: a host, a user, a repository, an inspected item.")),
    (
        text("Digest (SHA-256)"),
        text("A number reckoned from bytes; if one byte is changed later, it is another number."),
    ),
)
