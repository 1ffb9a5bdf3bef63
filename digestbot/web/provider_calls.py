"""Where mail providers call about mails that came back: `/hooks/PROVIDER`. Kept before it is answered; `serve` does what follows."""

from __future__ import annotations

import logging

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ..app.provider_calls import ReadCall, fetch_once, provider_reader
from ..subscribers.provider_calls import Refusal
from .context import SiteContext

LOG = logging.getLogger("digestbot.web")


class ProviderCalls:
    """The addresses that providers are told."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context
        self.routes = [Route("/hooks/{provider}", self.take, methods=["POST"])]

    async def take(self, request: Request) -> Response:
        """A call: 200 once what it says is kept, so that the provider says it again where it could not be."""
        read = provider_reader(self._context.loaded, request.path_params["provider"])
        if read is None:
            return PlainTextResponse("No provider of that name calls here.", status_code=404)
        return await run_in_threadpool(self._take, request, await request.body(), read)

    def _take(self, request: Request, body: bytes, read: ReadCall) -> Response:
        provider = request.path_params["provider"]
        now = self._context.clock()
        said = read(dict(request.headers), body, now)
        if isinstance(said, Refusal):
            LOG.warning("a call of %s was refused: %s", provider, said.reason)
            return PlainTextResponse(said.reason, status_code=said.status)
        if said.confirm:
            self._context.jobs.put(lambda: _begin(said.confirm))
        kept = self._context.store.returned.keep(said.events, now=now) if said.events else 0
        LOG.info("a call of %s told of %d mails, %d of them new", provider, len(said.events), kept)
        return PlainTextResponse("kept")


def _begin(address: str) -> None:
    """Tell SNS that its messages are wanted."""
    try:
        fetch_once(address)
    except OSError as error:
        LOG.error("the subscription to a topic of SNS could not be confirmed: %s", error)  # noqa: TRY400 -- it says why
    else:
        LOG.info("confirmed the subscription to a topic of SNS")
