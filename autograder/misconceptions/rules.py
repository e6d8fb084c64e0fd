"""The misconceptions, likeliest first: what each changes, and what to reconsider.

A name may stand for several rules, because one misconception may have several sums: a window
counted along one side only may be counted by its height or by its width. Of a pair, each must
concern something else (`facet`), and they are applied in the order of FACETS.
"""

from autograder.misconceptions.count_rules import COUNT_RULES
from autograder.misconceptions.size_rules import SIZE_RULES

FACETS = (
    "data format",
    "training",
    "arguments",
    "pooling",
    "padding",
    "window",
    "input depth",
    "filters",
    "factors",
    "strides",
    "plus one",
    "rounding",
    "output depth",
    "axes",
    "biases",
    "places",
    "operations",
)
RULES = (*COUNT_RULES, *SIZE_RULES)
