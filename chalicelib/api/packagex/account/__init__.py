"""What a key may ask about itself and its tenant: who it is, which keys there are, how much was used."""
