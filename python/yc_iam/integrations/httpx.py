"""httpx: `auth=` of a request, a `Client` or an `AsyncClient`.

    client = httpx.Client(auth=YcIamAuth(credentials))
"""

from __future__ import annotations

from httpx import Auth, RequestNotRead

from yc_iam.integrations._httpx import Flow

__all__ = ["YcIamAuth"]


class YcIamAuth(Flow, Auth):
    """Puts a token into each request. After a 401 it is renewed and the request sent once more, unless its body was a
    stream or there is no other token; of several, that redirects led to, the last alone.

    `Client` takes `Credentials`; `AsyncClient`, on asyncio, takes `AsyncCredentials` as well. A redirect to another
    origin takes no token along. Sending raises `YcIamError` where there is no token, and for a URL that is neither
    https nor on a loopback address. Any number of threads and tasks may share one.
    """

    _request_not_read = RequestNotRead
