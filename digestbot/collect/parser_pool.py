"""Documents of strangers are read outside this process: with a limit on memory, and killed at a deadline.

feedparser takes seconds and hundreds of megabytes for some kilobytes made with malice, and a thread cannot be stopped.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from ..errors import CollectError
from .feeds import ParsedFeed
from .options import FetchOptions
from .parse_job import Job, perform_quickly
from .parser_process import LENGTH

_BATCH = 16


class Workers:
    """Reads documents: modest ones in a thread, the others in processes that are started when first needed."""

    def __init__(self, options: FetchOptions) -> None:
        self._deadline = options.parse_timeout
        self._memory = options.parse_memory
        self._places = asyncio.Semaphore(options.workers)
        self._idle: list[Process] = []
        self._waiting: list[tuple[Job, asyncio.Future[ParsedFeed | None]]] = []
        self._turn: asyncio.Task[None] | None = None
        # One thread: two of them would only fight for the interpreter.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="digestbot-parse")

    async def read(self, job: Job) -> ParsedFeed:
        """The document's items, by a process of its own, which may take its time.

        Raises:
            CollectError: it is neither a feed nor a page, or took too much time or memory.
        """
        async with self._places:
            process = self._idle.pop() if self._idle else await self._start()
            try:
                async with asyncio.timeout(self._deadline):
                    result = await self._ask(process, job)
            except TimeoutError:
                raise CollectError(f"took longer than {self._deadline:g} s to read") from None
            except (OSError, EOFError):
                raise CollectError("could not be read: it made its reader fail") from None
            else:
                self._idle.append(process)
            finally:
                if process not in self._idle:
                    await _end(process)
        if isinstance(result, ParsedFeed):
            return result
        raise CollectError(str(result))

    async def close(self) -> None:
        """End every process and the thread."""
        if self._turn is not None:
            self._turn.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)
        while self._idle:
            await _end(self._idle.pop())

    async def read_quickly(self, job: Job) -> ParsedFeed | None:
        """The document's items, or None where only `read` can tell them.

        Raises:
            CollectError: it is neither a feed nor a page.
        """
        answer: asyncio.Future[ParsedFeed | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, answer))
        if self._turn is None or self._turn.done():
            self._turn = asyncio.create_task(self._read_waiting())
        return await answer

    async def _read_waiting(self) -> None:
        # Several at once: to cross from thread to thread costs as much as to read some items.
        while self._waiting:
            batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
            jobs = [job for job, _ in batch]
            results = await asyncio.get_running_loop().run_in_executor(self._thread, _read_quickly, jobs)
            for (_, answer), result in zip(batch, results, strict=True):
                if answer.done():
                    continue  # nobody waits any more
                if isinstance(result, Exception):
                    answer.set_exception(result)
                else:
                    answer.set_result(result)

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "digestbot.collect.parser_process",
            str(self._memory),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
        )

    async def _ask(self, process: Process, job: Job) -> object:
        if process.stdin is None or process.stdout is None:
            raise EOFError
        data = pickle.dumps(job)
        process.stdin.write(LENGTH.pack(len(data)) + data)
        await process.stdin.drain()
        (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        return pickle.loads(await process.stdout.readexactly(length))  # noqa: S301 -- from our own child


def _read_quickly(jobs: Sequence[Job]) -> list[ParsedFeed | Exception | None]:
    results: list[ParsedFeed | Exception | None] = []
    for job in jobs:
        try:
            results.append(perform_quickly(job))
        except Exception as error:  # noqa: BLE001 -- it belongs to this job, and the others want their results
            results.append(error)
    return results


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.communicate()
