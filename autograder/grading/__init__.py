"""Releasing and grading through nbgrader, one course folder at a time.

nbgrader_api.py    nbgrader's steps on a course folder, each with its outcome as data
reading.py         the cells of a file that nobody vouches for
matching.py        which released cell each of them is
intake.py          a notebook put together anew from the release and what was handed in
staging.py         all submissions taken in before nbgrader looks at them
kernel_client.py   a submission's kernel, as the grader speaks to it
outputs.py         what a cell showed, checked and cut to a length
judge_process.py   the judge: it runs test cells, and nothing of a student's
judging.py         the judge's process as its master sees it
running.py         a notebook gone through: a kernel runs its cells, the judge its test cells
grade.py           nbgrader's step that does so with a submission, and saves its scores
gradebook.py       a submission's scores written at once, a unit's read as plain rows
receipts.py        what was judged, how, and what came of it, signed
verifying.py       receipts looked at again
class_grading.py   a whole class, and what of it needs a person
feedback/          what a student and an instructor see of a graded notebook
"""
