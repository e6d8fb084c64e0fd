"""Releasing and grading through nbgrader, one course folder at a time.

nbgrader_api.py   nbgrader's steps on a course folder, each with its outcome as data
execute.py        nbgrader's preprocessor that runs a submission, which says whose it is
gradebook.py      what the gradebook says of a unit, as plain rows
"""
