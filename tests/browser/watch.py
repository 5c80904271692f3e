"""What pages ask for, and what goes wrong in them."""

from urllib.parse import urlsplit

LOCAL_SCHEMES = ("data", "blob")


class Watch:
    """Notes of all pages of one browser."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.asked = 0
        self.outside: list[str] = []
        self.failed: list[str] = []
        self.errors: list[str] = []

    def follow(self, page) -> None:
        """Note what this page does from now on."""
        page.on("request", lambda request: self._ask(request.url))
        page.on("websocket", lambda socket: self._ask(socket.url))
        page.on("requestfailed", lambda request: self._fail(request.url, request.failure))
        page.on("response", lambda answer: answer.status < 400 or self.failed.append(f"{answer.url}: {answer.status}"))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: message.type != "error" or self.errors.append(message.text))

    def _fail(self, url: str, reason: str) -> None:
        # A page that is left takes back what it was still asking for.
        if reason != "net::ERR_ABORTED":
            self.failed.append(f"{url}: {reason}")

    def _ask(self, url: str) -> None:
        self.asked += 1
        parts = urlsplit(url)
        if parts.scheme not in LOCAL_SCHEMES and parts.netloc != self.host:
            self.outside.append(url)
