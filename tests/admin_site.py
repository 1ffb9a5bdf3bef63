"""A site with admin pages, as an operator's browser meets it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from running_site import Answer, RunningSite

TOKEN = "a-long-token-of-the-owner-0123456789abcdef"


@dataclass(slots=True)
class Browser:
    """One that keeps a cookie, and says where a form comes from."""

    site: RunningSite
    cookie: str = ""
    origin: str = field(init=False)

    def __post_init__(self) -> None:
        self.origin = f"http://127.0.0.1:{self.site.port}"

    def get(self, path: str, **headers: str) -> Answer:
        return self.site.get(path, **self._cookie(), **headers)

    def send(self, path: str, fields: Mapping[str, str] | list[tuple[str, str]] = (), **headers: str) -> Answer:
        """A form, as a browser sends it that was shown our page: with the page's token, unless another is given."""
        pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
        if "token" not in dict(pairs):
            pairs.append(("token", self.token()))
        from_here = {"Origin": self.origin, "Sec_Fetch_Site": "same-origin"} | headers
        given = {name: value for name, value in from_here.items() if value}
        return self._keep(self.site.post(path, pairs, **self._cookie(), **given))

    def sign_in(self, token: str = TOKEN, to: str = "/admin") -> Answer:
        return self.send("/admin/sign-in", {"admin_token": token, "to": to, "token": ""})

    def token(self) -> str:
        """What a form of these pages carries; empty for whoever is not signed in."""
        for path in ("/admin/log", "/admin/editions/morning"):
            found = re.search(r'name="token" value="([^"]+)"', self.get(path).body)
            if found:
                return found[1]
        return ""

    def _cookie(self) -> dict[str, str]:
        return {"Cookie": self.cookie} if self.cookie else {}

    def _keep(self, answer: Answer) -> Answer:
        given = answer.headers["Set-Cookie"]
        if given:
            self.cookie = "" if "Max-Age=0" in given else given.partition(";")[0]
        return answer


def words(answer: Answer) -> str:
    """What stands on a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.body.partition("<main")[2]).split())
