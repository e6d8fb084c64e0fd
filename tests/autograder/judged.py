"""Verdicts as the tests look at them."""

from autograder.verdicts import Explanation, Verdict


def cause_of(verdict: Verdict) -> Explanation:
    """The misconceptions that explain a wrong answer where there is one explanation at the most."""
    explanations = verdict.judgement.explanations
    assert len(explanations) <= 1, explanations
    return explanations[0] if explanations else ()
