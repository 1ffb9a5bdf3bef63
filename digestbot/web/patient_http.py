"""HTTP/1.1 for the site: a client that sends its header lines too slowly is cut off."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS: Final = 10.0  # from the first byte of a request, or from the connection, to its last header line


class PatientProtocol(H11Protocol):
    """uvicorn's own protocol, with a limit to its patience: it waits for header lines for ever (uvicorn#1728)."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._too_slow: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._wait()
        else:
            self._arrived()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._too_slow is None:
            self._too_slow = self.loop.call_later(HEADER_SECONDS, self._cut_off)

    def _arrived(self) -> None:
        if self._too_slow is not None:
            self._too_slow.cancel()
            self._too_slow = None

    def _cut_off(self) -> None:
        self._too_slow = None
        if not self.transport.is_closing():
            self.transport.close()
