"""An SMTP server for tests (Debian: python3-aiosmtpd). Says what it does in JSON lines on stdout; ends when stdin is closed.

--fail CODE:TIMES   answer the first TIMES messages with CODE after DATA
--reject CODE       answer every RCPT with CODE
"""
import argparse
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--cert")
parser.add_argument("--key")
parser.add_argument("--user")
parser.add_argument("--password")
parser.add_argument("--fail", default="")
parser.add_argument("--reject", default="")
parser.add_argument("--hang", action="store_true")
options = parser.parse_args()


def say(**event):
    print(json.dumps(event), flush=True)


class Server(SMTP):
    async def smtp_AUTH(self, arg):
        # SASL mechanisms are upper case by definition (RFC 4422 3.1), but .NET's client says "login", which mail servers in use
        # take and aiosmtpd does not.
        mechanism, space, response = (arg or "").partition(" ")
        return await super().smtp_AUTH(mechanism.upper() + space + response)


class Handler:
    def __init__(self):
        code, _, times = options.fail.partition(":")
        self.code, self.left = code, int(times or 0)

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if options.reject:
            say(event="rejected", to=address)
            return f"{options.reject} 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if options.hang:
            await asyncio.sleep(3600)
        if self.left > 0:
            self.left -= 1
            say(event="refused")
            return f"{self.code} 4.3.0 Try again later"
        user = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else None
        say(event="message", sender=envelope.mail_from, to=envelope.rcpt_tos, tls=session.ssl is not None, user=user,
            data=envelope.content.decode("latin-1"))
        return "250 2.0.0 Taken"


def authenticate(server, session, envelope, mechanism, data):
    good = (isinstance(data, LoginPassword) and data.login.decode() == options.user and data.password.decode() == options.password)
    if not good:
        say(event="wrong-password")
    return AuthResult(success=good, handled=False, auth_data=data)


async def main():
    context = None
    if options.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert, options.key)
    handler = Handler()
    login = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": True} if options.user else {}
    server = await asyncio.get_running_loop().create_server(
        lambda: Server(handler, hostname="sink.test", tls_context=context, loop=asyncio.get_running_loop(), **login), "127.0.0.1", options.port)
    say(event="listening", port=server.sockets[0].getsockname()[1])
    while await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
        say(event="heard")  # Whoever asks has everything that was said before.


asyncio.run(main())
