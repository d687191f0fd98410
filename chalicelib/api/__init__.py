"""Four public ways to say the operations; the dialects do not know each other."""
