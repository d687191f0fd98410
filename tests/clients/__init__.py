"""Clients that others make or made: generators, linters and HAL libraries, pinned here and installed in `.clients`."""
