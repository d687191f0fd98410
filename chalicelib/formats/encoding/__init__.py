"""Decides which encoding a text has: certain, guessed from its words, or uncertain."""
