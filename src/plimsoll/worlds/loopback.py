"""An event loop on a thread of its own, with servers bound to 127.0.0.1 only."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Coroutine

    from plimsoll.collectors.network import Address
    from plimsoll.worlds.dns_server import DnsServer

    Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

T = TypeVar("T")

HOST = "127.0.0.1"
_PORT_ATTEMPTS = 20
_BACKLOG = 512


class Loopback:
    """Servers on ephemeral ports, from construction until `stop`."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda _loop, _context: None)
        self._servers: list[asyncio.Server] = []
        self._datagrams: list[asyncio.DatagramTransport] = []
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="plimsoll-world", daemon=True
        )
        self._thread.start()

    def listen(self, serve: Serve, context: ssl.SSLContext | None = None) -> Address:
        """Serve connections, over TLS where a context is given; return the address."""
        return self._call(self._listen(serve, 0, context))

    def listen_for_names(self, server: DnsServer) -> Address:
        """Serve DNS on UDP and TCP at the same port; return the address."""
        return self._call(self._listen_for_names(server))

    def stop(self) -> None:
        """End every connection, free the ports and end the thread; again, it does nothing."""
        if self._loop.is_closed():
            return
        self._call(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _listen(self, serve: Serve, port: int, context: ssl.SSLContext | None) -> Address:
        server = await asyncio.start_server(serve, HOST, port, ssl=context, backlog=_BACKLOG)
        self._servers.append(server)
        host, bound = server.sockets[0].getsockname()
        return host, bound

    async def _listen_for_names(self, server: DnsServer) -> Address:
        for _ in range(_PORT_ATTEMPTS):
            transport, _protocol = await self._loop.create_datagram_endpoint(
                lambda: server, local_addr=(HOST, 0)
            )
            address: Address = transport.get_extra_info("sockname")
            with suppress(OSError):
                await self._listen(server.serve, address[1], None)
                self._datagrams.append(transport)
                return address
            transport.close()
        message = f"no port of {HOST} is free for both UDP and TCP"
        raise OSError(message)

    async def _shut(self) -> None:
        for transport in self._datagrams:
            transport.close()
        for server in self._servers:
            server.close()
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await asyncio.sleep(0)
