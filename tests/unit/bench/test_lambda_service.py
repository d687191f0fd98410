"""Calls are let through and throttled as AWS documents it."""

from collections.abc import Mapping

from bench.event_loop import EventLoop
from bench.lambda_service import IDLE_S, START_S, LambdaService
from statemachine.interpreter import Json, StateFailed


class Account:
    """Functions that work for ten seconds, and what they answered when."""

    def __init__(self, account: int, reserved: Mapping[str, int] | None = None, works_s: float = 10) -> None:
        self.loop = EventLoop()
        self.answers: list[tuple[float, str]] = []
        self.service = LambdaService(
            self.loop, account=account, reserved=reserved or {}, seconds_of=lambda name, payload: works_s
        )

    def call(self, function: str, times: int = 1) -> None:
        for _ in range(times):
            self.service.invoke(function, {}, self._hear, lambda: "done")

    def _hear(self, answer: Json | StateFailed) -> None:
        name = answer.error if isinstance(answer, StateFailed) else answer
        self.answers.append((self.loop.now_s, name))

    @property
    def throttled(self) -> int:
        return sum(name == "Lambda.TooManyRequestsException" for _, name in self.answers)


def test_a_call_beyond_the_accounts_concurrency_is_throttled_at_once() -> None:
    account = Account(10)

    account.call("Task", 12)

    assert account.answers == [(0, "Lambda.TooManyRequestsException")] * 2
    account.loop.run()
    assert account.answers[2:] == [(10 + START_S, "done")] * 10


def test_what_is_reserved_is_kept_from_others_and_is_all_that_its_function_has() -> None:
    account = Account(1_000, {"APIHandler": 200})

    account.call("Task", 801)
    assert account.throttled == 1

    account.call("APIHandler", 201)
    assert account.throttled == 2


def test_one_function_starts_a_thousand_environments_and_a_hundred_more_each_second() -> None:
    account = Account(5_000)
    account.call("Task", 1_500)
    assert account.throttled == 500
    account.call("Other", 500)
    assert account.throttled == 500

    account.loop.call_after(2, lambda: account.call("Task", 300))
    account.loop.run()

    assert account.throttled == 500 + 100


def test_an_environment_that_is_idle_works_at_once_until_it_is_given_up() -> None:
    account = Account(10, works_s=1)
    account.call("Task")
    account.loop.call_after(60, lambda: account.call("Task"))
    account.loop.call_after(61 + IDLE_S + 1, lambda: account.call("Task"))

    account.loop.run()

    assert [at for at, _ in account.answers] == [1 + START_S, 61, 62 + IDLE_S + 1 + START_S]


def test_ten_calls_a_second_for_each_unit_of_concurrency_are_let_through() -> None:
    account = Account(10, works_s=0)
    account.service.invoke("Task", {}, lambda _: None, lambda: None)
    account.loop.run()  # one environment is idle now

    for number in range(150):
        account.loop.call_after(number / 1_000, lambda: account.call("Task"))
    account.loop.run(until_s=1.99)

    assert account.throttled >= 50


def test_an_event_that_is_throttled_is_sent_again() -> None:
    account, done = Account(1), list[float]()
    account.call("Task")

    account.service.send("OnFile", {}, lambda: done.append(account.loop.now_s))
    account.loop.run()

    assert len(done) == 1
    assert account.service.throttles["OnFile"] >= 3
