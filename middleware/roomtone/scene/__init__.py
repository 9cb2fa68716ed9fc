"""What a scene is, how it is read from a file, and how its state moves."""
