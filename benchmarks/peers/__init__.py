"""The same rain in languages that sound designers know."""
