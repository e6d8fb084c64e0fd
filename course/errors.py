"""The errors that a student or an instructor can meet.

    CourseError
    ├── SpecError    a layer's arguments make no layer      (also a ValueError)
    └── ShapeError   a layer cannot be put on this input    (also a ValueError)

Every error says where it arose, which rule was broken and what was given, and what to do:

>>> raise ShapeError("window 5 is larger than height 4", "use padding='same'", where="pool2")
Traceback (most recent call last):
    ...
course.errors.ShapeError: pool2: window 5 is larger than height 4; use padding='same'
"""


class CourseError(Exception):
    """Something given to the course cannot be used: where, which rule, what was given, what to do.

    `problem` names the rule and what was given, `fix` what to do instead, `where` the layer.
    In a notebook only the message is shown: our own stack frames would teach a student nothing.
    """

    def __init__(self, problem: str, fix: str = "", where: str = "") -> None:
        super().__init__(problem, fix, where)
        self.problem = problem
        self.fix = fix
        self.where = where

    def __str__(self) -> str:
        message = f"{self.where}: {self.problem}" if self.where else self.problem
        return f"{message}; {self.fix}" if self.fix else message

    def at(self, where: str) -> "CourseError":
        """The same error, with the place named.

        >>> print(SpecError("filters must be at least 1, not 0").at("layer 2 'conv'"))
        layer 2 'conv': filters must be at least 1, not 0
        """
        return type(self)(self.problem, self.fix, where)

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


class SpecError(CourseError, ValueError):
    """The arguments of a layer break one of the layer's rules."""


class ShapeError(CourseError, ValueError):
    """A shape is no shape, or a layer cannot take an input of this shape."""
