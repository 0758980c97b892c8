"""A small fake of the part of GitHub's API that scripts/post-comment uses, on the loopback: comments
in pages, and answers that a case asks for instead."""

import http.server
import json
import threading
import urllib.parse

ACCOUNT = "github-actions[bot]"


class Forge:
    def __init__(self):
        self.comments, self.requests, self.planned = [], [], []
        self.after_list = None  # called once, when the last page was asked for
        self.lock = threading.Lock()
        forge = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with forge.lock:
                    forge.requests.append((self.command, self.path))
                    status, found, headers = forge.answer(self.command, self.path, json.loads(body or b"null"))
                data = json.dumps(found).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.api = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def plan(self, method, status, times=1, text="", **headers):
        """The next TIMES requests of METHOD are answered so."""
        self.planned += [(method, status, text, headers)] * times

    def add(self, body, login=ACCOUNT):
        self.comments.append({"id": len(self.comments) + 1, "user": {"login": login}, "body": body})

    def answer(self, method, path, body):
        for i, (planned, status, text, headers) in enumerate(self.planned):
            if planned == method and path != "/user":
                del self.planned[i]
                return status, {"message": text}, headers
        url = urllib.parse.urlsplit(path)
        if path == "/user":  # a job's own token is no user's
            return 403, {"message": "Resource not accessible by integration"}, {}
        if method == "GET" and not url.query:
            return 200, self.find(url), {}
        if method == "GET":
            query = urllib.parse.parse_qs(url.query)
            page, size = int(query["page"][0]), int(query["per_page"][0])
            found = json.loads(json.dumps(self.comments[(page - 1) * size:page * size]))
            if self.after_list and len(found) < size:
                self.after_list()
                self.after_list = None
            return 200, found, {}
        if method == "POST":
            self.add(body["body"])
            return 201, self.comments[-1], {}
        comment = self.find(url)
        comment["body"] = body["body"]
        return 200, comment, {}

    def find(self, url):
        return next(c for c in self.comments if c["id"] == int(url.path.rpartition("/")[2]))

    def count(self, method):
        return sum(m == method for m, _ in self.requests)
