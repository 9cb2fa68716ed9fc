"""From performed blocks to messages: how far a client lets us go, and what it may ask for again."""
