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
    return Server(_redirect(location))


def redirecting_once(*answers):
    """A server that leads to another path of its own first, and then answers."""
    redirect, give = _redirect("/there"), answering(*answers)
    return Server(lambda server, connection: (give if server.received else redirect)(server, connection))


def _redirect(location):
    def script(server, connection):
        server.read_request(connection)
        connection.sendall(answer(b"", "307 Temporary Redirect", [f"location: {location}"]))

    return script


__all__ = ["GOOD", "REFUSAL", "bearers", "redirecting", "redirecting_once", "serving"]
