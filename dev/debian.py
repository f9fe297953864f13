"""Debian packages: those of the machine, and files of other suites to unpack."""

import os
import platform
import shutil

from messages import Problem, say
from paths import DOWNLOADS, HOME
from processes import clean_environment, execute

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def install(packages):
    """Install packages on this machine, which only root may do."""
    names = " ".join(packages)
    advice = f"install the packages {names} (or what your system calls them)."
    if not shutil.which("apt-get"):
        raise Problem(f"Something is missing and there is no apt-get here: {advice}")
    if os.geteuid() != 0:
        raise Problem(
            f"Something is missing and only root may install it: run "
            f"`apt-get install {names}` as root, then this command again."
        )
    say(f"Installing {names} …")
    failure = f"apt-get could not do it (no network?): {advice}"
    execute(["apt-get", "update"], failure)
    execute(
        ["apt-get", "install", "-y", "--no-install-recommends", *packages],
        failure,
        env=clean_environment(DEBIAN_FRONTEND="noninteractive"),
    )


def fetch(packages, *, suites, advice):
    """Download packages of other suites.

    The system stays as it is: apt reads the suites into lists of our own, from the
    mirror the machine's own sources name, and checks the signatures as usual.

    packages: "name" or "name/suite". advice: what to do if it fails, ends the sentence.
    """
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise Problem(f"There is no apt-get here: {advice}")
    apt = HOME / "apt"
    (apt / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    mirror = _mirror(advice)
    (apt / "sources.list").write_text(
        "".join(f"deb [signed-by={_KEYRING}] {mirror} {s} main\n" for s in suites)
    )
    options = [
        f"-oDir::Etc::sourcelist={apt / 'sources.list'}",
        "-oDir::Etc::sourceparts=-",
        f"-oDir::State::Lists={apt / 'lists'}",
        "-oDir::Cache::pkgcache=",
        "-oDir::Cache::srcpkgcache=",
        # Hooks of the machine are for its own lists.
        "-oAPT::Update::Post-Invoke-Success::=",
        # Else apt warns that its own user may not enter a private checkout.
        "-oAPT::Sandbox::User=",
    ]
    failure = f"apt-get could not download (no network?): {advice}"
    execute(["apt-get", *options, "update"], failure)
    # Only a complete set is moved to where it is looked for.
    partial = DOWNLOADS.with_name("downloads.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    execute(["apt-get", *options, "download", *packages], failure, cwd=partial)
    shutil.rmtree(DOWNLOADS, ignore_errors=True)
    partial.rename(DOWNLOADS)


def _mirror(advice):
    """The address of the Debian mirror in the machine's own sources."""
    failure = f"apt-get does not know its sources (no network?): {advice}"
    targets = _targets(failure)
    if not targets and os.geteuid() == 0:
        execute(["apt-get", "update"], failure)
        targets = _targets(failure)
    system = platform.freedesktop_os_release()
    found = [
        (origin != "Debian", address)
        for address, suite, origin in targets
        if system["ID"] == "debian" and suite == system.get("VERSION_CODENAME")
    ]
    if not found:
        raise Problem(
            f"apt-get's lists name no Debian mirror (run `apt-get update`?): {advice}"
        )
    return min(found)[1]


def _targets(failure):
    output = execute(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)|$(RELEASE)|$(ORIGIN)"]
        + ["Created-By: Packages", "Component: main"],
        failure,
    )
    return [line.split("|") for line in output.splitlines()]
