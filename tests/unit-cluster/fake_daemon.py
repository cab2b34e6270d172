"""A daemon that answers hactl as Documentation/cluster/ipc.rst says, and runs nothing."""
# SPDX-License-Identifier: GPL-2.0-only
import json
import pathlib
import socketserver
import struct
import threading


class Refused(Exception):
    """A request that fails: a code and a sentence."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class State:
    """What a daemon would know."""

    def __init__(self, text):
        self.revisions = [self.revision(1, text, "hactl cluster init")]
        self.requests = []
        self.decided = []
        self.disturbs = []      # what every plan says it disturbs
        self.unsafe = ""
        self.rivals = 0         # so often somebody else changes the configuration first
        self.replies = {}       # verb: data that is answered as it is

    @staticmethod
    def revision(rev, text, message):
        return {"rev": rev, "parent": rev - 1, "text": text, "message": message,
                "author": "root", "host": "n1", "time_ms": 1764424931310 + rev}

    def get_config(self, args):
        rev = args.get("rev", len(self.revisions))
        if not 1 <= rev <= len(self.revisions):
            raise Refused("failed", f"there is no rev {rev}")
        return self.revisions[rev - 1]

    def list_revisions(self, args):
        return {"revisions": self.revisions[::-1][:args["limit"]]}

    def propose_config(self, args):
        if self.rivals:
            self.rivals -= 1
            text = self.revisions[-1]["text"].replace("\n}", f"\n# rival {self.rivals}\n}}", 1)
            self.revisions.append(self.revision(len(self.revisions) + 1, text, "rival"))
        if args["parent"] != len(self.revisions):
            raise Refused("conflict", f"rev {len(self.revisions)} is newer")
        rev = len(self.revisions) + 1
        self.revisions.append(self.revision(rev, args["text"], args["message"]))
        return {"rev": rev, "ticket": f"t{rev}"}

    def plan(self, args):
        cause = args["decide"]["what"] if "decide" in args else \
            "config" if "config" in args else ", ".join(args.get("if", []))
        return {"at_ms": 0, "cause": cause, "actions": [], "disturbs": self.disturbs,
                "unsafe": self.unsafe}

    def decide(self, args):
        if args["what"] == "fence" and args["node"] == "n3":
            raise Refused("no-quorum", "this side has no quorum: it fences nobody")
        self.decided.append(args)
        return {"ticket": f"d{len(self.decided)}"}

    def wait(self, args):
        assert args["timeout_ms"] > 0 and args["ticket"]
        return {}

    def subscribe(self, _args):
        return {}

    def set_secret(self, args):
        assert args["name"] and args["value"]
        return {}

    def answer(self, request):
        verb = request.pop("verb")
        self.requests.append((verb, request))
        if verb in self.replies:
            return self.replies[verb]
        function = getattr(self, verb, None)
        if not function:
            raise Refused("usage", f"unknown verb {verb}")
        return function(request)


class Handler(socketserver.BaseRequestHandler):
    """Length, JSON; reply likewise, as long as there are requests."""

    def receive(self, size):
        data = b""
        while len(data) < size:
            more = self.request.recv(size - len(data))
            if not more:
                return b""
            data += more
        return data

    def send(self, message):
        data = json.dumps(message).encode()
        self.request.sendall(struct.pack("!I", len(data)) + data)

    def handle(self):
        """A subscriber is told of one event, and left."""
        while True:
            head = self.receive(4)
            if not head:
                return
            request = json.loads(self.receive(struct.unpack("!I", head)[0]))
            verb = request["verb"]
            try:
                reply = {"ok": True, "data": self.server.state.answer(request)}
            except Refused as error:
                reply = {"ok": False, "code": error.code, "error": str(error)}
            self.send(reply)
            if reply["ok"] and verb == "subscribe":
                self.send({"event": "status"})
                return


class Daemon(socketserver.ThreadingUnixStreamServer):
    """Listens until it is closed."""

    daemon_threads = True

    def __init__(self, path, text):
        pathlib.Path(path).unlink(missing_ok=True)
        super().__init__(str(path), Handler)
        self.path, self.state = str(path), State(text)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def end(self):
        self.shutdown()
        self.server_close()
