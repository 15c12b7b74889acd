"""The net between a phone and the server: a wire that can be cut and mended.

A browser's own "offline" does not reach what passes by its service worker; a cut wire does.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit


class Wire:
    """Forwards a port of this machine to a server's, while it is whole."""

    def __init__(self, server: str) -> None:
        self.there = urlsplit(server)
        self.is_cut = False
        self.open: set[socket.socket] = set()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self.door.getsockname()[1]}"
        threading.Thread(target=self._answer, daemon=True).start()

    def cut(self) -> None:
        """Nothing passes any more, and what was passing is broken off."""
        self.is_cut = True
        for end in list(self.open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """It passes again."""
        self.is_cut = False

    def close(self) -> None:
        """For good."""
        self.cut()
        self.door.close()

    def _answer(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = self.door.accept()
                if self.is_cut:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.there.port))
                self.open |= {near, far}
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        for end in (one, other):
            self.open.discard(end)
            with contextlib.suppress(OSError):
                end.close()


@contextlib.contextmanager
def wire(server: str) -> Iterator[Wire]:
    """A wire to a server for as long as a test runs."""
    made = Wire(server)
    try:
        yield made
    finally:
        made.close()
