"""What all tests share: garbage is looked for among what they make, not among the modules and the tests themselves; and
no example of a property has a deadline, as a busy machine would miss it.
"""

import gc

from hypothesis import settings

settings.register_profile("whenever", deadline=None)
settings.load_profile("whenever")


def pytest_collection_finish() -> None:
    """Leaves out what is there before the first test; a look at everything takes a fraction of the time then."""
    gc.collect()
    gc.freeze()
