"""What checks conclude, as data, and how it shows.

messages.py    texts with identifiers, and what is put into them
catalogue.py   the identifiers of all misconceptions, each with a sentence for teachers
judgement.py   Judgement: how it ended, the share of the points, what explains it, what to tell
errors.py      where a judgement becomes a printed line or an error
"""

from autograder.verdicts.catalogue import MISCONCEPTIONS
from autograder.verdicts.errors import (
    DISAGREE,
    MISSING,
    RAISED,
    CheckResult,
    NotAttempted,
    OurFault,
    ReferenceDisagreement,
    ReferenceFailure,
    ReferenceMissing,
    Verdict,
    WrongAnswer,
    as_error,
    tell,
)
from autograder.verdicts.judgement import (
    Explanation,
    Judgement,
    Outcome,
    Part,
    not_attempted,
    noted,
    our_fault,
    right,
    wrong,
)
from autograder.verdicts.messages import Message, Text, lines, listed, sentences, text

__all__ = [
    "DISAGREE",
    "MISCONCEPTIONS",
    "MISSING",
    "RAISED",
    "CheckResult",
    "Explanation",
    "Judgement",
    "Message",
    "NotAttempted",
    "OurFault",
    "Outcome",
    "Part",
    "ReferenceDisagreement",
    "ReferenceFailure",
    "ReferenceMissing",
    "Text",
    "Verdict",
    "WrongAnswer",
    "as_error",
    "lines",
    "listed",
    "not_attempted",
    "noted",
    "our_fault",
    "right",
    "sentences",
    "tell",
    "text",
    "wrong",
]
