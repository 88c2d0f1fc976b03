"""The mail server of the tests: aiosmtpd on a free loopback port, told by its standard input what to do wrong.

First line on standard output: {"port": N}. Every line read from standard input is a fault,
{"at": "RCPT", "do": "reply" | "hang" | "drop" | "silence", "text": "451 later", "times": 1},
or {"do": "forget"} for no more faults, or {"do": "stop"} for no more connections, and is answered "ok".
Messages and commands are written as JSON lines to messages.jsonl and commands.jsonl before they are answered.
The server ends with its standard input.
"""

import argparse
import asyncio
import json
import logging
import pathlib
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

from message import describe


class Faults:
    """What is to go wrong, by the command at which it does."""

    def __init__(self):
        self.planned = []

    def take(self, at):
        """The next fault planned for a command, counted down."""
        for fault in self.planned:
            if fault["at"] == at:
                fault["times"] -= 1
                if fault["times"] == 0:
                    self.planned.remove(fault)
                return fault
        return None


class Scripted(SMTP):
    """An SMTP session that keeps a diary and fails on demand."""

    def __init__(self, handler, faults, diary, **options):
        self.faults, self.diary = faults, diary
        super().__init__(handler, **options)

    async def fails(self, at, text=None):
        """Notes the command and carries out its fault; whether there was one."""
        self.diary.write("commands", {"command": at, "text": text, "tls": self.is_secure})
        fault = self.faults.take(at)
        if fault is None:
            return False
        if fault["do"] == "reply":
            await self.push(fault["text"])
        elif fault["do"] == "hang":
            await asyncio.sleep(3600)
        elif fault["do"] == "drop":
            self.transport.abort()
        return True

    @property
    def is_secure(self):
        """Whether this session is encrypted."""
        return self.transport is not None and self.transport.get_extra_info("cipher") is not None

    async def _handle_client(self):
        if not await self.fails("CONNECT"):
            await super()._handle_client()


def scripted(command):
    """The method for one command that fails first, if it is to."""
    original = getattr(SMTP, f"smtp_{command}")

    async def method(self, argument):
        if not await self.fails(command, None if command == "AUTH" else argument):
            await original(self, argument)

    method.__dict__.update(original.__dict__)
    return method


for name in ("HELO", "EHLO", "STARTTLS", "AUTH", "NOOP", "MAIL", "RCPT", "DATA", "QUIT"):
    setattr(Scripted, f"smtp_{name}", scripted(name))


class Mailbox:
    """Keeps what arrives."""

    def __init__(self, faults, diary):
        self.faults, self.diary = faults, diary

    async def handle_DATA(self, server, session, envelope):
        fault = self.faults.take("MESSAGE")
        if fault is None or fault["do"] == "silence":
            record = describe(envelope.original_content)
            record["mail_from"] = envelope.mail_from
            record["rcpt_tos"] = envelope.rcpt_tos
            record["tls"] = server.is_secure
            record["login"] = (session.auth_data or b"").decode() or None
            self.diary.write("messages", record)
        if fault is None:
            return "250 2.0.0 taken"
        if fault["do"] == "reply":
            return fault["text"]
        if fault["do"] == "drop":
            server.transport.abort()
        await asyncio.sleep(3600)


class Diary:
    """Files of JSON lines in one folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def write(self, name, record):
        with open(self.folder / f"{name}.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")


def authenticator(username, password):
    """Accepts exactly one user, by PLAIN or LOGIN."""

    def check(server, session, envelope, mechanism, data):
        name, word = data.login.decode(), data.password.decode()
        good = (name, word) == (username, password)
        return AuthResult(success=good, handled=False, auth_data=data.login)

    return check


async def read_faults(faults, server):
    """Takes orders from standard input until it ends."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        fault = json.loads(line)
        if fault["do"] == "forget":
            faults.planned.clear()
        elif fault["do"] == "stop":
            server.close()
        else:
            faults.planned.append(fault)
        print("ok", flush=True)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True)
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--username")
    parser.add_argument("--password")
    options = parser.parse_args()

    context = None
    if options.tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate, options.key)
    session = {"hostname": "mail.test", "data_size_limit": 64 * 1024 * 1024}
    if options.tls == "starttls":
        session["tls_context"] = context
    if options.username:
        session["authenticator"] = authenticator(options.username, options.password)
        session["auth_required"] = True
        session["auth_require_tls"] = options.tls == "starttls"

    # What goes wrong here goes wrong on purpose.
    logging.disable(logging.CRITICAL)
    faults, diary = Faults(), Diary(options.folder)
    mailbox = Mailbox(faults, diary)
    server = await asyncio.get_running_loop().create_server(
        lambda: Scripted(mailbox, faults, diary, **session),
        "127.0.0.1",
        0,
        ssl=context if options.tls == "implicit" else None,
    )
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await read_faults(faults, server)


warnings.simplefilter("ignore")
asyncio.run(main())
