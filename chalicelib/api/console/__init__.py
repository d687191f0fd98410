"""The console, a page for people: its HTML, its one script and its one style sheet. It belongs to no dialect,
asks the public API like any other caller, and needs no key to be loaded.
"""
