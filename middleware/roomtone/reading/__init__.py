"""Prompts in words, read into layers of sound: no network, no learning, the same words always give the same layers."""
