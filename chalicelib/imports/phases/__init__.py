"""When things are decided: the seven phases under their public names, pure, on batches; look-ups are passed in."""
