"""Regular expressions that cannot hang: RE2, which never backtracks; Python's only where RE2 refuses and it is safe."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from re import _constants as _op  # type: ignore[attr-defined]  # the parser's own names, without a public home
from re import _parser  # type: ignore[attr-defined]  # as above
from typing import Any

import re2  # type: ignore[import-untyped]  # ships no type information

from desktop_app.core.sigma.errors import RuleUnsupported
from desktop_app.core.text import text

Search = Callable[[str], bool]

MAX_PATTERN = 20_000
_REPEATS = (_op.MAX_REPEAT, _op.MIN_REPEAT)
# Up to here the work of a backtracking search stays near the length of the value times this.
_MAX_OPEN_REPEATS = 2


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 16 << 20
    return options


def _children(argument: Any) -> list[Any]:
    """Return the sub-patterns inside the argument of one parsed operation."""
    if isinstance(argument, _parser.SubPattern):
        return [argument]
    if isinstance(argument, list | tuple):
        return [child for item in argument for child in _children(item)]
    return []


def _open_repeats(pattern: Any, *, inside: bool = False) -> int:
    """Count repeats without a small bound; a choice or a repeat inside a repeat, or a back reference, is too many."""
    total = 0
    for operation, argument in pattern:
        if operation is _op.GROUPREF or (operation is _op.BRANCH and inside):
            return _MAX_OPEN_REPEATS + 1
        repeated = operation in _REPEATS and argument[1] > 1
        wide = operation in _REPEATS and argument[1] > 100
        if repeated and inside:
            return _MAX_OPEN_REPEATS + 1
        total += wide + sum(_open_repeats(child, inside=inside or repeated) for child in _children(argument))
    return total


def _backtracking(pattern: str) -> Search:
    try:
        risky = _open_repeats(_parser.parse(pattern)) > _MAX_OPEN_REPEATS
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise RuleUnsupported(
            text("The regular expression cannot be used: %(detail)s", detail=str(error)[:200])
        ) from None
    if risky:
        raise RuleUnsupported(
            text("The regular expression %(pattern)s could take for ever on some values.", pattern=pattern[:120])
        )
    return lambda value: compiled.search(value) is not None


def clean(value: str) -> str:
    """Replace lone surrogates, which no UTF-8 engine accepts."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode()
    return value


def tried(pattern: str, flags: str = "") -> Any:
    """Return a compiled pattern of RE2, or of Python where RE2 refuses it; it is for looking at, not for searching.

    Raises re.error where it is none, RuleUnsupported where it is too long.
    """
    _check_length(pattern)
    whole = f"(?{flags}){pattern}" if flags else pattern
    try:
        return re2.compile(whole, _options())
    except (re2.error, UnicodeEncodeError):
        return re.compile(whole)


def _check_length(pattern: str) -> None:
    if len(pattern) > MAX_PATTERN:
        raise RuleUnsupported(text("The regular expression is longer than %(limit)s characters.", limit=MAX_PATTERN))


@lru_cache(maxsize=4096)
def searcher(pattern: str, flags: str = "") -> Search:
    """Return a function that says whether the pattern occurs in a value; RuleUnsupported when it cannot be done safely.

    ``flags`` are letters of ``ims``. The search is not anchored, as Sigma has it.
    """
    _check_length(pattern)
    whole = f"(?{flags}){pattern}" if flags else pattern
    try:
        compiled = re2.compile(whole, _options())
    except (re2.error, UnicodeEncodeError):
        return _backtracking(whole)
    # Bytes spare RE2's binding from counting characters; lone surrogates, which are no UTF-8, become question marks.
    return lambda value: compiled.search(value.encode("utf-8", "replace")) is not None


# A quotation that is not closed would take in what follows; the others hold at the ends of the whole text only.
_WHOLE = re.compile(r"\\[QEAzZ]|\(\?[a-zA-Z]*-")


@lru_cache(maxsize=4096)
def opener(pattern: str, flags: str = "") -> Search | None:
    """Return a function that says whether a pattern may occur in one of several values, joined by line ends.

    None where one search can't tell. ``^`` and ``$`` hold at each line end; so it errs on the side of yes.
    """
    if _WHOLE.search(pattern):
        return None
    options = _options()
    options.never_capture = True
    try:
        compiled = re2.compile(f"(?{''.join(sorted({*flags, 'm'}))}:{pattern})", options)
    except (re2.error, UnicodeEncodeError):
        return None
    return lambda text: compiled.search(text.encode("utf-8", "replace")) is not None


@lru_cache(maxsize=1 << 12)  # the books of several log sources ask for the same patterns
def required_literals(pattern: str, flags: str = "") -> tuple[str, ...]:
    """Return texts, in lower case, of which every match of a pattern holds at least one; none where none is certain.

    Values without them need not be searched. Letters that other letters fold to (k and the Kelvin sign, s and the long
    s) are left out where case is ignored.
    """
    folds = "i" in flags or "(?i" in pattern or re.search(r"\(\?[a-z]*i", pattern) is not None
    try:
        return _required(_parser.parse(f"(?{flags}){pattern}" if flags else pattern), folds=folds)
    except (re.error, RecursionError, OverflowError):
        return ()


def _required(parsed: Any, *, folds: bool) -> tuple[str, ...]:
    runs = _runs(parsed)
    if folds:
        runs = [piece for run in runs for piece in re.split("[ksKS]|[^\0-\x7f]+", run)]
    options: list[tuple[str, ...]] = [(max(runs, key=len, default="").lower(),)]
    for operation, argument in parsed:
        if operation is _op.BRANCH:
            branches = [_required(branch, folds=folds) for branch in argument[1]]
            options += [tuple(dict.fromkeys(one for some in branches for one in some))] if all(branches) else []
        elif operation is _op.SUBPATTERN or (operation in _REPEATS and argument[0] >= 1):
            options.append(_required(argument[-1], folds=folds))
    best = max(options, key=lambda option: min(map(len, option), default=0))
    return best if best and min(map(len, best)) >= _SHORTEST_LITERAL else ()


_SHORTEST_LITERAL = 3
_NEUTRAL = (_op.AT,)  # anchors take no room between two letters


def _runs(parsed: Any) -> list[str]:
    """Collect the runs of letters that every match holds, one after the other."""
    runs = [""]
    for operation, argument in parsed:
        if operation is _op.LITERAL:
            runs[-1] += chr(argument)
        elif operation is _op.SUBPATTERN:
            runs += [*_runs(argument[-1]), ""]
        elif operation in _REPEATS and argument[0] >= 1:
            runs += [*_runs(argument[2]), ""]
        elif operation not in _NEUTRAL:
            runs.append("")
    return runs
