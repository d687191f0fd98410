"""How things are decided: pure rules over rows, values, identities and records."""
