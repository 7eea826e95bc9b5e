"""An SMTP server that takes every message and forgets it: `python -m bench.peers.smtp_sink <port>`."""

import asyncio
import sys

_OK = b"250 OK\r\n"


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink ESMTP\r\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"DATA":
            writer.write(b"354 Go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
        if word == b"QUIT":
            writer.write(b"221 Bye\r\n")
            break
        writer.write(b"250-sink\r\n250 8BITMIME\r\n" if word == b"EHLO" else _OK)
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(talk, "127.0.0.1", int(sys.argv[1]), limit=1_048_576)
    print("listening", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
