from local.sample.dice import Dice


def test_a_seed_gives_the_same_chances_every_time() -> None:
    assert [Dice(7).below(1000) for _ in range(3)] == [323, 323, 323]


def test_drawn_ones_are_different() -> None:
    drawn = Dice(1).draw(range(50), 20)

    assert len(set(drawn)) == 20
    assert drawn != sorted(drawn)


def test_every_hash_of_a_pattern_becomes_a_digit() -> None:
    filled = Dice(1).fill("+49 ## #")

    assert (filled[:4], filled[6], len(filled)) == ("+49 ", " ", 8)
    assert (filled[4:6] + filled[7]).isdigit()
