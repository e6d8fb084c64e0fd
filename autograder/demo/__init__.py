"""`convdims demo`: the main job once, on a made-up class, in a fresh folder of its own.

students.py   the made-up class: who hands in what, and why
run.py        releases, grades, writes feedback, prints the table
"""
