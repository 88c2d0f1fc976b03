"""Where webhooks go: a server on loopback that remembers what it took."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """Takes every message, and knows which."""

    def __init__(self):
        self.taken: set[str] = set()
        taken = self.taken

        class Handler(BaseHTTPRequestHandler):
            """Takes a message before it says so."""

            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                taken.add(self.headers["webhook-id"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *words):
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, request, address):
                """A sender that was killed is no news."""

        server = Quiet(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        self.address = f"http://127.0.0.1:{server.server_port}/hook"
        threading.Thread(target=server.serve_forever, daemon=True).start()
