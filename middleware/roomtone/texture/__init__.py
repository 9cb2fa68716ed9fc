"""Endless streams from recordings that end."""
