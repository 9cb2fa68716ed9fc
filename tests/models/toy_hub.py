"""A hub on loopback: one repository, as `huggingface_hub` asks for it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "someone/rain-model"


class Handler(BaseHTTPRequestHandler):
    """Answers for one repository; subclassed with what it has."""

    protocol_version = "HTTP/1.1"
    files: Mapping[str, bytes] = {}
    break_after = 0
    served = 0

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        path, prefix = urlsplit(self.path).path, f"/{REPOSITORY}/resolve/{COMMIT}/"
        if path.startswith(f"/api/models/{REPOSITORY}"):
            self._send(json.dumps(self._described(path)).encode(), {}, body=body)
        elif path.removeprefix(prefix) in self.files:
            self._send_file(self.files[path.removeprefix(prefix)], body=body)
        else:
            self.send_error(404)

    def _described(self, path: str) -> object:
        if "/tree/" in path:
            return [
                {"type": "file", "path": name, "size": len(content), "oid": _etag(content)}
                for name, content in self.files.items()
            ]
        siblings = [{"rfilename": name, "size": len(content)} for name, content in self.files.items()]
        return {"id": REPOSITORY, "sha": COMMIT, "siblings": siblings, "private": False}

    def _send_file(self, content: bytes, *, body: bool) -> None:
        if body:
            type(self).served += 1
            if self.served > self.break_after:
                self.close_connection = True
                self.connection.close()
                return
        self._send(content, {"ETag": f'"{_etag(content)}"', "X-Repo-Commit": COMMIT}, body=body)

    def _send(self, content: bytes, headers: Mapping[str, str], *, body: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *_: object) -> None: ...


def _etag(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


@contextmanager
def hub(files: Mapping[str, bytes], *, break_after: int = 1_000_000) -> Iterator[str]:
    """Serve a repository; yields its address. After `break_after` files connections break."""
    handler = type("Repository", (Handler,), {"files": files, "break_after": break_after, "served": 0})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
