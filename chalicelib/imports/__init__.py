"""What a caller may ask for, in any dialect: the rules about who, when and in which status, without I/O of its own."""
