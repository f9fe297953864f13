"""`make shell`: an Odoo shell on the database of `make run`."""

import signal
import subprocess

import databases
import environment
import server
from messages import command, say
from paths import HOME

DATABASE = "run"


def main():
    with environment.ready():
        if not databases.key(DATABASE):
            say("There is no database of `make run` yet: making one without a store.")
            databases.create(DATABASE)
        # Ctrl-C is for the shell.
        signal.signal(signal.SIGINT, lambda *_: None)
        return subprocess.call(
            server.command(
                "shell", "--database", DATABASE, "--no-http", "--log-level", "warn"
            ),
            cwd=HOME,
            env=server.environment(),
        )


if __name__ == "__main__":
    command(main)
