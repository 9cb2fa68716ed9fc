"""The daemon's side of the protocol: sockets, sessions, and one function per request."""
