"""Generated clips on disk: found by what was asked for, kept by what they are."""
