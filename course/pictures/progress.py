"""How far a training is: a bar, and what it came to in words."""

from html import escape


def progress_html(done: int, total: int, said: str) -> str:
    """A bar of `done` out of `total` with a line of text under it, for any page.

    >>> progress_html(3, 12, "accuracy 97 %")
    '<div><progress value="3" max="12" aria-label="training" style="width: 268px; max-width: 100%">\
</progress><br>accuracy 97 %</div>'
    """
    bar = (
        f'<progress value="{done}" max="{total}" aria-label="training" '
        'style="width: 268px; max-width: 100%"></progress>'
    )
    return f"<div>{bar}<br>{escape(said, quote=False)}</div>"
