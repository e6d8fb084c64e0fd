"""Practice in a notebook: the kind, the question, a field for the answer, what is said of it."""

from html import escape
from typing import Any

import ipywidgets as widgets

from autograder.hints import hints, stages_html
from autograder.practice.answer_field import AnswerField
from autograder.practice.questions import KINDS, LEVELS
from autograder.practice.session import Session, form
from course.explorers.frame import Explorer, dropdown
from course.explorers.picture import Picture
from course.pictures.page import framed


class Practice(Explorer):
    """The controls of a session; `picture` shows the question, `said` what there is to say."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.kind = dropdown("practise", list(KINDS))
        self.kind.value = session.kind
        self.field = AnswerField()
        self.hint, self.next = (
            widgets.Button(description=name, layout=widgets.Layout(width="auto"))
            for name in ("Hint", "Next question")
        )
        self.said = Picture()
        super().__init__([self.kind], [self.field, widgets.HBox([self.hint, self.next]), self.said])
        self.field.on_answer(self._answer)
        self.kind.observe(lambda change: self._choose(change["new"]), "value")
        self.hint.on_click(lambda _: self._hint())
        self.next.on_click(lambda _: self._ask())
        self._show()

    def _answer(self, typed: str) -> None:
        if self.session.solved:
            self._ask()  # Enter once more
        else:
            self.session.answer(typed)
            self._show()

    def _ask(self) -> None:
        self.session.next()
        self.field.clear(focus=True)
        self._show()

    def _choose(self, kind: str) -> None:
        self.session.choose(kind)
        self.field.clear(focus=False)  # the keyboard stays at the kinds
        self._show()

    def _hint(self) -> None:
        self.session.hint()
        self._show()

    def _show(self) -> None:
        session = self.session
        count = len(hints(session.question))
        self.hint.disabled = len(session.hints) == count
        self.picture.value = framed(self._question())
        self.said.value = framed(
            f'<div role="status" class="said">{says_html(session)}'
            f"{stages_html(session.hints, count)}</div>"
            f'<p class="note">{escape(score(session))}</p>'
        )

    def _question(self) -> str:
        question = self.session.question
        return f'{question.to_html()}<p class="note">Answer with {escape(form(question))}.</p>'

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle["text/plain"] = self.session.question.sentence
        return bundle


def says_html(session: Session) -> str:
    """What there is to say of the last answer, a line each.

    >>> session = Session("parameters", seed=1)
    >>> session.answer("many")
    >>> says_html(session)
    '<p><b>&#x27;many&#x27; cannot be read; type a whole number, such as 7</b></p>'
    """
    first, *more = map(escape, session.says.split("\n"))
    if session.solved:
        more.append("Press Enter once more, or Next question, to go on.")
    return (f"<p><b>{first}</b></p>" if first else "") + "".join(f"<p>{line}</p>" for line in more)


def score(session: Session) -> str:
    """How the session stands, in a line.

    >>> score(Session(seed=1))
    'Right at once: 0 of 0. In a row: 0. Level 1 of 6.'
    """
    return (
        f"Right at once: {session.right} of {session.asked}. In a row: {session.streak}. "
        f"Level {session.level} of {LEVELS}."
    )
