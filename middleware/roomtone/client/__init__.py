"""The reference client: a game's side of the wire, in Python."""
