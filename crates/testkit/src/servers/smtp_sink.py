"""Takes mail by SMTP and writes each message as it came into a folder.

NNNNN.eml is the message, NNNNN.envelope the sender and then the recipients, one on a line.
A recipient named `refused` is refused for good, one named `later` for now.
"""

import asyncio
import os
import sys

from aiosmtpd.smtp import SMTP


class Sink:
    def __init__(self, folder):
        self.folder = folder
        self.count = sum(name.endswith(".eml") for name in os.listdir(folder))

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.partition("@")[0]
        if name == "refused":
            return "550 5.1.1 no such mailbox"
        if name == "later":
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        path = os.path.join(self.folder, f"{self.count:05}")
        with open(path + ".envelope", "w", encoding="utf-8") as file:
            file.write("\n".join([envelope.mail_from or "", *envelope.rcpt_tos]))
        with open(path + ".new", "wb") as file:
            file.write(envelope.content)
        os.rename(path + ".new", path + ".eml")
        return "250 2.0.0 message taken"


async def main(port, folder):
    sink = Sink(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(sink, hostname="sink.test", enable_SMTPUTF8=True), "127.0.0.1", port
    )
    await server.serve_forever()


asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
