"""An event loop on a thread of its own, with servers bound to 127.0.0.1 only."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Coroutine, Iterable

    from plimsoll.collectors.network import Address
    from plimsoll.worlds.dns_server import DnsServer

    Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

T = TypeVar("T")

HOST = "127.0.0.1"
_PORT_ATTEMPTS = 20
_BACKLOG = 512
_ENDINGS = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
"""How a connection may end on either side; none of it is an error of the world."""


class Loopback:
    """Servers on ephemeral ports, from construction until `stop`.

    Every connection belongs to one task, its TLS handshake and its closing included, so that
    ending the tasks leaves no socket behind.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda _loop, _context: None)
        self._listeners: list[asyncio.Task[None]] = []
        self._connections: set[asyncio.Task[None]] = set()
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
        listener = socket.create_server((HOST, port), backlog=_BACKLOG)
        listener.setblocking(False)  # noqa: FBT003 (the signature of the standard library)
        self._listeners.append(self._loop.create_task(self._accept(listener, serve, context)))
        address: Address = listener.getsockname()
        return address

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

    async def _accept(
        self, listener: socket.socket, serve: Serve, context: ssl.SSLContext | None
    ) -> None:
        with listener:
            while True:
                accepted, _ = await self._loop.sock_accept(listener)
                connection = self._loop.create_task(self._attend(accepted, serve, context))
                self._connections.add(connection)
                connection.add_done_callback(self._connections.discard)

    async def _attend(
        self, accepted: socket.socket, serve: Serve, context: ssl.SSLContext | None
    ) -> None:
        protocol = _Connection(asyncio.StreamReader(loop=self._loop), loop=self._loop)
        with suppress(*_ENDINGS):
            try:
                await self._loop.connect_accepted_socket(lambda: protocol, accepted, ssl=context)
                await protocol.converse(serve)
            finally:
                protocol.abort()

    async def _shut(self) -> None:
        await _cancel(self._listeners)
        # A connection that was just accepted must begin before it can be ended.
        await _turn()
        await _cancel(self._connections)
        for transport in self._datagrams:
            transport.close()
        await _turn()


class _Connection(asyncio.StreamReaderProtocol):
    """A stream whose transport can be aborted from the moment it is there."""

    def __init__(self, reader: asyncio.StreamReader, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(reader, loop=loop)
        self._stream = reader
        self._made: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._made = transport

    async def converse(self, serve: Serve) -> None:
        if self._made is None:
            return
        loop = asyncio.get_running_loop()
        writer = asyncio.StreamWriter(self._made, self, self._stream, loop)
        with suppress(*_ENDINGS):
            await serve(self._stream, writer)
        writer.close()
        await writer.wait_closed()

    def abort(self) -> None:
        if self._made is not None:
            self._made.abort()


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    cancelled = tuple(tasks)
    for task in cancelled:
        task.cancel()
    await asyncio.gather(*cancelled, return_exceptions=True)


async def _turn() -> None:
    """Let the loop run the callbacks that open and close transports, and those they lead to."""
    for _ in range(3):
        await asyncio.sleep(0)
