"""From a scene and its state to one block of each layer."""
