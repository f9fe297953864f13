"""``python -m sandbox``: serve the sandbox until it is told to end."""

import argparse
import signal
import sys

from . import built_in
from .application import Sandbox
from .quota import UNLIMITED
from .scale import Scale
from .seed import Seed, SeedError
from .server import Server


def _arguments():
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A small BigCommerce store on this machine.",
    )
    parser.add_argument("--port", type=int, default=0, help="0 (default): a free one")
    content = parser.add_mutually_exclusive_group()
    content.add_argument("--seed", metavar="FOLDER", help="payloads to serve instead")
    content.add_argument(
        "--scale", type=int, metavar="N", help="N products and N orders instead"
    )
    parser.add_argument("--store-hash", default="sandbox")
    parser.add_argument("--access-token", default="sandbox-token")
    parser.add_argument(
        "--plan-quota", type=int, default=UNLIMITED, help="requests in 30 seconds"
    )
    return parser.parse_args()


def _content(arguments):
    if arguments.seed:
        return Seed(arguments.seed)
    return Scale(arguments.scale) if arguments.scale else built_in


def _interrupt(_signal, _frame):
    raise KeyboardInterrupt


def main():
    """Serve until SIGTERM or Ctrl-C.

    :return: 0, or a sentence that says why it could not be served
    """
    arguments = _arguments()
    try:
        content = _content(arguments)
        sandbox = Sandbox(
            content.load,
            arguments.store_hash,
            arguments.access_token,
            arguments.plan_quota,
        )
        server = Server(sandbox, arguments.port)
    except SeedError as error:
        return str(error)
    except OSError as error:
        return f"Port {arguments.port} cannot be used: {error.strerror}."
    for remark in getattr(content, "remarks", ()):
        print(remark, file=sys.stderr)
    signal.signal(signal.SIGTERM, _interrupt)
    print(f"Sandbox store: {server.address}", flush=True)
    server.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
