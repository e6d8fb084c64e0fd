"""What the start page shows: whether all is installed, and how far a student has come."""

from autograder.start_page.doctor import check_installation
from autograder.start_page.progress import Progress, progress

__all__ = ["Progress", "check_installation", "progress"]
