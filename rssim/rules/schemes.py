"""The records of the schemes besides the employee pension: one line each."""

from __future__ import annotations

from rssim.rules.scheme_terms import SchemeTerms

SCHEME_TERMS: tuple[type[SchemeTerms], ...] = ()
