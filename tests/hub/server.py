"""The HTTP server: one thread a connection, kept alive, and all of them ended with the server."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.hub.wire import Request, Response

__all__ = ["Server"]

Respond = Callable[[Request], Response]


class Server(ThreadingHTTPServer):
    """An HTTP server on 127.0.0.1 that asks a function for every response."""

    daemon_threads = False  # so that closing waits for them
    request_queue_size = 128

    def __init__(self, port: int, respond: Respond) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.respond = respond
        self.closing = threading.Event()
        self._connections: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)

    def start(self) -> None:
        """Serve in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End every connection and every thread."""
        self.closing.set()
        self.shutdown()
        self._thread.join()
        for connection in list(self._connections):
            _end(connection)
        self.server_close()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection, and remember it."""
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def close_request(self, request: Any) -> None:  # noqa: ANN401 - as in the base class
        """Close a connection, and forget it."""
        self._connections.discard(request)
        super().close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - likewise
        """Say nothing where a client went away; that is what some tests are about."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended by itself


class Handler(BaseHTTPRequestHandler):
    """Reads requests from a connection, and delivers the responses in their own manner."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body in one piece
    server: Server

    def do_GET(self) -> None:
        """Answer a request, with a body unless it is a HEAD."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(method=self.command, target=self.path, headers=headers)
        self._deliver(self.server.respond(request))

    do_HEAD = do_GET  # noqa: N815 - the name that the base class looks for

    def log_message(self, *_: object) -> None:
        """Stay silent: what was asked is in the records of the stand-in."""

    def _deliver(self, response: Response) -> None:
        self.server.closing.wait(response.delay)
        if response.status == 0:
            self.close_connection = True
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(response)

    def _send_body(self, response: Response) -> None:
        if response.share < 1:
            self.close_connection = True
        body = response.body[: int(len(response.body) * response.share)]
        if not response.pause:
            self.wfile.write(body)
            return
        for place in range(len(body)):
            self.wfile.flush()
            if self.server.closing.wait(response.pause):
                self.close_connection = True
                return
            self.wfile.write(body[place : place + 1])
