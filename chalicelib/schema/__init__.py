"""How things are done: typing values, finding identities, merging. Pure: no I/O, no clock, no environment."""
