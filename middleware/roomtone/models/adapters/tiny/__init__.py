"""Tiny checkpoints of the real classes, in the real layout, with random weights: for tests and for trying without any.

They are made for the ear of a test: what comes out is heard, is finite, does not clip, and differs by prompt and seed.
It resembles nothing.
"""
