"""CURVE keys: one pair for the daemon, one for each client, in files that only their owner may read.

```
DIR/server.key              what clients need to know the daemon by
DIR/server.key_secret       the daemon's own
DIR/clients/NAME.key        a client that may connect
DIR/NAME.key_secret         that client's own: move it to where the game runs
```
The files are ZeroMQ certificates, as `zmq.auth` reads them.
"""

import os
from pathlib import Path
from typing import Final

import zmq

from roomtone.errors import OutputError

SERVER: Final = "server"
_HEADER: Final = "# ZeroMQ CURVE certificate of Roomtone. {}\n"
_KEEP: Final = "Keep this file to yourself: whoever has it is you."
_GIVE: Final = "This half may be given away."


def make_keys(folder: Path, client: str, *, force: bool = False) -> tuple[Path, ...]:
    """Make a client's key pair, and the daemon's where there is none yet.

    Args:
        folder: made when it does not exist.
        client: names the files.
        force: replace what is there, the daemon's pair too: every client then needs the new `server.key`.

    Returns:
        The files that were written.

    Raises:
        OutputError: `keys.exist`, `keys.name`, `keys.failed`.
    """
    if not client.isidentifier() or client == SERVER:
        what = f"'{client}' cannot name a client"
        raise OutputError("keys.name", what=what, fix="use letters, digits and _, and not 'server'")
    pairs = {client: (folder / "clients" / f"{client}.key", folder / f"{client}.key_secret")}
    server = (folder / f"{SERVER}.key", folder / f"{SERVER}.key_secret")
    if force or not server[1].exists():
        pairs[SERVER] = server
    for path in (path for pair in pairs.values() for path in pair):
        if path.exists() and not force:
            fix = "pass --force to replace it, or --client NAME to add a client"
            raise OutputError("keys.exist", at=str(path), what="there is a key already", fix=fix)
    for public_path, secret_path in pairs.values():
        _write_pair(public_path, secret_path)
    return tuple(path for pair in pairs.values() for path in pair)


def _write_pair(public_path: Path, secret_path: Path) -> None:
    public, secret = (key.decode() for key in zmq.curve_keypair())
    _write(public_path, _certificate(_GIVE, f'    public-key = "{public}"\n'))
    _write(secret_path, _certificate(_KEEP, f'    public-key = "{public}"\n    secret-key = "{secret}"\n'))


def _certificate(note: str, keys: str) -> str:
    return f"{_HEADER.format(note)}metadata\ncurve\n{keys}"


def _write(path: Path, text: str) -> None:
    """Write a file that was never readable by others, not even for a moment."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    except OSError as error:
        what = f"it cannot be written: {error.strerror}"
        raise OutputError("keys.failed", at=str(path), what=what, fix="choose another folder") from error
