"""The player: it goes row by row, and stays inside of grids that change."""

from course.explorers.player import Player


def test_a_player_goes_row_by_row() -> None:
    player = Player()
    player.fit((3, 4))
    seen = []
    player.observe(lambda _: seen.append(player.place))
    for value in range(12):
        player.play.value = value
    assert seen == [(row, column) for row in range(3) for column in range(4)][1:]
    player.place = (9, 9)
    assert player.place == (2, 3)
    player.fit((2, 2))
    assert player.place == (1, 1)
