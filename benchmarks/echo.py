"""A bare ROUTER that sends back what comes: the floor beneath any answer of any daemon on this machine."""

import sys

import zmq


def main() -> None:
    """Serve until killed; prints the endpoint."""
    socket = zmq.Context().socket(zmq.ROUTER)
    port = socket.bind_to_random_port("tcp://127.0.0.1")
    print(f"tcp://127.0.0.1:{port}", flush=True)
    while True:
        socket.send_multipart(socket.recv_multipart())


if __name__ == "__main__":
    sys.exit(main())
