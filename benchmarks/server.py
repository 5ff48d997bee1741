"""A loopback server that answers every GET after a delay, in a process of its own.

Paths under `/bad/` answer 503. `GET /count` tells how many requests came before it, so that what
was sent can be counted where it arrives.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Server:
    """Answers keep-alive requests; counts them."""

    def __init__(self, delay_seconds: float) -> None:
        self.delay_seconds = delay_seconds
        self.count = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after the other."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1]
                body = b'{"status": "healthy"}'
                status = b"503 Service Unavailable" if path.startswith(b"/bad/") else b"200 OK"
                if path == b"/count":
                    body = str(self.count).encode()
                else:
                    self.count += 1
                    await asyncio.sleep(self.delay_seconds)
                length = str(len(body)).encode()
                writer.write(
                    b"HTTP/1.1 " + status + b"\r\ncontent-length: " + length + b"\r\n\r\n" + body
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@contextmanager
def running(delay_seconds: float) -> Iterator[str]:
    """Run the server in a process of its own; give its address."""
    command = [sys.executable, "-m", "benchmarks.server", str(delay_seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def requests_so_far(address: str) -> int:
    """Return how many requests have arrived."""
    with urllib.request.urlopen(f"{address}/count", timeout=5) as answer:
        return int(answer.read())


async def _main(delay_seconds: float) -> None:
    server = await asyncio.start_server(Server(delay_seconds).serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(float(sys.argv[1])))
