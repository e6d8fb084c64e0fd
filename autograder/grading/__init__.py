"""Releasing and grading through nbgrader's own interface, one course folder at a time."""
