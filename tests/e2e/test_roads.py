"""Small sources travel in one task, larger ones through seven Maps: the machine takes either way to the same end."""

import pytest

pytestmark = pytest.mark.e2e
