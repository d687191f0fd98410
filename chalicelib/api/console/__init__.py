"""The console, a page for people: its HTML, its two scripts and its style sheet. It belongs to no dialect,
asks the public API like any other caller, and needs no key to be loaded.
"""
