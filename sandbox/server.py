"""Serving a sandbox on a socket of this machine."""

import socket

from werkzeug.serving import WSGIRequestHandler, make_server

HOST = "127.0.0.1"
# enough for many workers that connect at the same moment
BACKLOG = 128


class QuietHandler(WSGIRequestHandler):
    """Leaves the log to the ledger, and the Date header to the store's clock."""

    def log(self, type, message, *args):
        pass

    def connection_dropped(self, error, environ=None):
        # or it would wait for the next request on a connection that was reset
        self.close_connection = True

    def send_response(self, code, message=None):
        self.send_response_only(code, message)


class Server:
    """A threaded server of one application.

    :param application: a WSGI application
    :param port: 0 for a free one
    :raises OSError: the port cannot be used
    """

    def __init__(self, application, port=0):
        # the socket is opened here, so that a port in use is our caller's to report
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, port))
            listener.listen(BACKLOG)
            self.port = listener.getsockname()[1]
            self._server = make_server(
                HOST,
                self.port,
                application,
                threaded=True,
                request_handler=QuietHandler,
                fd=listener.fileno(),
            )

    @property
    def address(self):
        return f"http://{HOST}:{self.port}"

    def serve(self):
        """Answer requests until :meth:`stop` or an interrupt."""
        self._server.serve_forever(poll_interval=0.1)

    def stop(self):
        """End :meth:`serve`, called in another thread."""
        self._server.shutdown()
        self._server.server_close()
