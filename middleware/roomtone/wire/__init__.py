"""The protocol: what may be said, and its one encoding. The text of record is `protocol/SPEC.md`."""
