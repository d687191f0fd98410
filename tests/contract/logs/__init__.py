"""What functions log while they do their work: which ids stand on each line, and that no text of a customer does."""
