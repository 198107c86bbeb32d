"""The page of the site's own template: where it lies, whether it can be used, and a copy of ours to start from."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core.text import Text, text
from desktop_app.web import notices
from desktop_app.web.context import db, desk
from desktop_app.web.report import template, trial


def show() -> str:
    """Show where the template lies and what may be changed in it."""
    return _page(None)


def check() -> str:
    """Try the template and say what is wrong with it."""
    return _page(trial.fault(desk(), db()))


def write() -> ResponseReturnValue:
    """Write a copy of ours to start from."""
    path = template.write_copy(desk().folder)
    notices.say(text("Wrote a copy of the template into %(path)s", path=str(path)))
    return redirect(url_for("report.template"), 303)


def _page(fault: tuple[Text, ...] | None) -> str:
    here = template.place(desk().folder)
    return render_template(
        "report/template.html", place=here, exists=template.exists(desk().folder), fault=fault, names=template.names(),
        style=template.STYLE, words=template.WORDS, logos=list(template.LOGOS),
    )  # fmt: skip


def install(blueprint: Blueprint) -> None:
    """Add these pages."""
    blueprint.add_url_rule("/template", "template", show)
    blueprint.add_url_rule("/template/check", "check_template", check)
    blueprint.add_url_rule("/template", "write_template", write, methods=["POST"])
