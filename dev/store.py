"""`make sandbox`, and the sandbox store as a program beside others."""

import argparse
import contextlib
import json
import socket
import urllib.request
from pathlib import Path

import environment
from messages import Problem, command
from paths import PYTHON, ROOT
from processes import background, choose_port, clean_environment, wait_until

_LOG = "sandbox.log"


def add_options(parser):
    """Add the options of the store to a command's."""
    parser.add_argument("--seed", type=Path, help="a folder of payloads to serve")
    parser.add_argument("--scale", type=int, help="a number of products and orders")


@contextlib.contextmanager
def serving(seed=None, scale=None):
    """Have a store running; yields its address.

    seed: a folder of payloads, scale: a number of products and orders; else it is the
    built-in one.
    """
    port = choose_port()
    with background(
        _command_line(port, seed, scale), log=_LOG, cwd=ROOT, env=clean_environment()
    ) as process:
        wait_until(
            lambda: _answers(port), process, log=_LOG, name="The sandbox", seconds=60
        )
        yield f"http://127.0.0.1:{port}"


def control(address, method, path, content=None):
    """Ask the control path of the store at an address; returns its answer."""
    request = urllib.request.Request(
        f"{address}/__control__/{path}",
        json.dumps(content).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as response:
        return json.load(response)


def _command_line(port, seed, scale):
    line = [str(PYTHON), "-m", "sandbox", "--port", str(port)]
    if seed:
        if not seed.is_dir():
            raise Problem(f"SEED is no folder: {seed}")
        line += ["--seed", str(seed.resolve())]
    if scale:
        line += ["--scale", str(scale)]
    return line


def _answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=10).close()
    except OSError:
        return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int)
    add_options(parser)
    options = parser.parse_args()
    environment.python_only()
    line = _command_line(choose_port(options.port), options.seed, options.scale)
    with background(line, cwd=ROOT, env=clean_environment()) as sandbox:
        return sandbox.wait()


if __name__ == "__main__":
    command(main)
