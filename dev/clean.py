"""`make clean`: stop PostgreSQL and delete all that the commands installed."""

import shutil

import postgresql
from messages import command
from paths import HOME


def main():
    if HOME.exists():
        postgresql.remove()
        shutil.rmtree(HOME)


if __name__ == "__main__":
    command(main)
