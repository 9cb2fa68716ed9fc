"""How the sounds are judged: by number, by picture, and against real recordings."""
