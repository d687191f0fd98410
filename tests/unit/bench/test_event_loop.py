from bench.event_loop import EventLoop


def test_what_is_due_first_happens_first_and_the_clock_leaps_to_it() -> None:
    loop, seen = EventLoop(), list[tuple[str, float]]()
    for delay_s, name in ((7200, "later"), (5, "soon"), (5, "soon, too")):
        loop.call_after(delay_s, lambda name=name: seen.append((name, loop.now_s)))  # type: ignore[misc]

    loop.run()

    assert seen == [("soon", 5), ("soon, too", 5), ("later", 7200)]


def test_what_lies_beyond_the_end_of_a_run_happens_in_the_next() -> None:
    loop, seen = EventLoop(), list[float]()
    loop.call_after(10, lambda: loop.call_after(10, lambda: seen.append(loop.now_s)))

    loop.run(until_s=19)
    assert seen == []

    loop.run()
    assert seen == [20]
