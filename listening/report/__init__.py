"""The report on all sounds: what stands in it is measured when it is made."""
