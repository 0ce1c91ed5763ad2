"""HTTP servers on loopback that refuse tokens and lead elsewhere."""

from __future__ import annotations

from servers import Server, answer, answering
from services import serving

REFUSAL = (401, {"code": 16, "message": "The token is invalid"})
GOOD = {"good": True}


def bearers(server):
    """The `Authorization` headers that arrived; `None` where there was none."""
    return [
        next((line.split(": ", 1)[1] for line in head if line.lower().startswith("authorization: ")), None)
        for head in server.received
    ]


def redirecting(location):
    return Server(redirect_to(location))


def redirecting_once(*answers):
    """A server that leads to another path of its own first, and then answers."""
    return first_to("/there", serving(*answers))


def first_to(location, server, status="307 Temporary Redirect"):
    """The server, which leads elsewhere at its first request."""
    lead, give = redirect_to(location, status), server.script
    server.script = lambda server, connection: (give if server.received else lead)(server, connection)
    return server


def hanging_up_once(*answers):
    """A server that reads the first request and closes its connection, and then answers."""
    give = answering(*answers)
    return Server(lambda server, connection: (give if server.received else Server.read_request)(server, connection))


def redirect_to(location, status="307 Temporary Redirect"):
    def script(server, connection):
        server.read_request(connection)
        connection.sendall(answer(b"", status, [f"location: {location}"]))

    return script


__all__ = [
    "GOOD",
    "REFUSAL",
    "bearers",
    "first_to",
    "hanging_up_once",
    "redirect_to",
    "redirecting",
    "redirecting_once",
    "serving",
]
