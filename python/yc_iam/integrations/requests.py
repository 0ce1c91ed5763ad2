"""requests: `auth=` of a request or a session.

    session = requests.Session()
    session.auth = YcIamAuth(credentials)
"""

from __future__ import annotations

from typing import Any

from requests import PreparedRequest, RequestException, Response
from requests.auth import AuthBase
from requests.cookies import extract_cookies_to_jar

from yc_iam._sync import Credentials
from yc_iam.integrations._bearer import Exchange, blocking, renewed

__all__ = ["YcIamAuth"]


class YcIamAuth(AuthBase):
    """Puts a token into each request. After a 401 it is renewed and the request sent once more, unless its body was a
    stream that cannot be rewound or there is no other token.

    A redirect to another origin takes no token along. Sending raises `YcIamError` where there is no token, and for a
    URL that is neither https nor on a loopback address. Any number of threads may share one.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = blocking(credentials)

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        sending = _Sending(self._credentials, r)
        r.headers["Authorization"] = sending.authorization
        r.register_hook("response", sending.answered)  # type: ignore[no-untyped-call]
        return r


class _Sending:
    def __init__(self, credentials: Credentials, request: PreparedRequest) -> None:
        self._credentials = credentials
        self._url = request.url or ""
        exchange = Exchange(credentials, self._url)
        self._token = credentials.token()
        exchange.authorize(self._token)
        self.authorization = exchange.authorization
        body: Any = request.body
        self._is_stream = body is not None and not isinstance(body, (str, bytes))
        try:
            self._start = body.tell() if self._is_stream else None
        except (AttributeError, OSError):
            self._start = None

    def answered(self, response: Response, **how: Any) -> Response:
        """The hook for responses: of redirects too, and of each time that a request is sent which was prepared once."""
        sent = response.request
        # Where a redirect leads elsewhere, requests takes the header away.
        if response.is_redirect or sent.headers.get("Authorization") != self.authorization:
            return response
        exchange = Exchange(self._credentials, self._url)
        exchange.authorize(self._token)
        if not exchange.refused(response.status_code):
            return response
        if self._is_stream and not self._rewind(sent.body):
            return response
        try:
            if not renewed(exchange, self._credentials):
                return response
        except BaseException:
            response.close()
            raise
        _drop(response)
        again = sent.copy()
        again.headers["Authorization"] = exchange.authorization
        jar: Any = again._cookies  # type: ignore[attr-defined]
        extract_cookies_to_jar(jar, sent, response.raw)  # type: ignore[no-untyped-call]
        again.prepare_cookies(jar)
        answer: Response = response.connection.send(again, **how)
        answer.history.append(response)
        answer.request = again
        return answer

    def _rewind(self, body: Any) -> bool:
        if self._start is None:
            return False
        try:
            body.seek(self._start)
        except (AttributeError, OSError):
            return False
        return True


def _drop(response: Response) -> None:
    """The connection can be used again if the answer can be read."""
    try:
        response.content  # noqa: B018
    except (RequestException, RuntimeError):
        # Broken off, or read already, by another hook.
        pass
    finally:
        response.close()
