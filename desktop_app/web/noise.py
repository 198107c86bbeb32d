"""How the findings of each rule were judged: the noisiest first."""

from __future__ import annotations

from flask import Blueprint, render_template

from desktop_app.core import verdicts
from desktop_app.web.context import db, language
from desktop_app.web.inbox_view import VERDICT_NAMES
from desktop_app.web.sentences import Sentences

blueprint = Blueprint("noise", __name__, url_prefix="/noise")


@blueprint.get("/")
def index() -> str:
    """List the rules that have findings with what people concluded about them."""
    sentences = Sentences(db(), language())
    rules = [(one, sentences.rule_title(one.rule_id)) for one in verdicts.by_noise(db())]
    return render_template("inbox/noise.html", rules=rules, verdicts=VERDICT_NAMES)
