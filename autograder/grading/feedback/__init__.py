"""The two pages on which a graded notebook is read: the student's feedback and the formgrader's.

safe_notebook.py  nbconvert's preprocessor for both: keeps of a notebook what cannot do anything
student_view.py   nbgrader's preprocessor for the feedback: no hidden test, no mark scheme
outputs.py        one output of a cell as text or as clean HTML
markdown.py       Markdown as clean HTML, its formulas as MathML
clean.py          the HTML, the styles and the links that are let through
formulas.py       TeX as MathML
page.py           what both pages are given besides: no network, a policy against scripts, notes
page.html.j2      nbconvert's template that does so, around nbgrader's own

Whatever is in a notebook may come from a student: text, attachments, outputs, metadata, ids. The
page loads nothing from the network and runs no script of the notebook. `nbgrader_config.py` says
where each of these stands.
"""
