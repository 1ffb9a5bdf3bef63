"""Documents of strangers are read outside this process: with a limit on memory, and killed at a deadline.

feedparser takes seconds and hundreds of megabytes for some kilobytes made with malice, and a thread cannot be stopped.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from concurrent.futures import ThreadPoolExecutor

from ..errors import CollectError
from .feeds import ParsedFeed
from .jobs import Job, perform_quickly
from .options import FetchOptions
from .worker import LENGTH


class Workers:
    """Reads documents: modest ones in a thread, the others in processes that are started when first needed."""

    def __init__(self, options: FetchOptions) -> None:
        self._deadline = options.parse_timeout
        self._memory = options.parse_memory
        self._places = asyncio.Semaphore(options.workers)
        self._idle: list[Process] = []
        # One thread: two of them would only fight for the interpreter.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="digestbot-parse")

    async def read(self, job: Job) -> ParsedFeed:
        """The document's items.

        Raises:
            CollectError: it is neither a feed nor a page, or took too much time or memory.
        """
        done = await asyncio.get_running_loop().run_in_executor(self._thread, perform_quickly, job)
        if done is not None:
            return done
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
        self._thread.shutdown(wait=False, cancel_futures=True)
        while self._idle:
            await _end(self._idle.pop())

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "digestbot.collect.worker", str(self._memory), stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )

    async def _ask(self, process: Process, job: Job) -> object:
        if process.stdin is None or process.stdout is None:
            raise EOFError
        data = pickle.dumps(job)
        process.stdin.write(LENGTH.pack(len(data)) + data)
        await process.stdin.drain()
        (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        return pickle.loads(await process.stdout.readexactly(length))  # noqa: S301 -- from our own child


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.communicate()
