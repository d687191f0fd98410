"""What things are: nouns without I/O, clock or environment."""
