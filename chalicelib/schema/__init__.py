"""How things are done: parsing values, finding identities, merging. Pure: no I/O, no clock, no environment."""
