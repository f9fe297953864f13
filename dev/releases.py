"""The former releases of the addon, as git remembers them."""

import ast
import shutil
import subprocess
import tarfile

from messages import Problem
from paths import ROOT

_MANIFEST = "__manifest__.py"


def version_of(commit=None):
    """The addon's version in a commit, or in the checkout."""
    text = (
        _git("show", f"{commit}:{_MANIFEST}")
        if commit
        else (ROOT / _MANIFEST).read_text()
    )
    return ast.literal_eval(text)["version"]


def find_former():
    """The last commit of the version before the checkout's, None if git knows none."""
    if not (shutil.which("git") and (ROOT / ".git").exists()):
        return None
    present = version_of()
    commit = "HEAD"
    for change in _git(
        "rev-list", "--first-parent", "HEAD", "--", _MANIFEST
    ).splitlines():
        if version_of(change) != present:
            return _git("rev-parse", commit).strip()
        commit = f"{change}^"
    return None


def unpack(commit, folder):
    """Put the files of a commit into a new folder."""
    folder.mkdir(parents=True)
    archive = folder.with_suffix(".tar")
    _git("archive", "--output", archive, commit)
    with tarfile.open(archive) as files:
        files.extractall(folder)
    archive.unlink()


def _git(*arguments):
    result = subprocess.run(
        # The checkout may belong to somebody else, as in a container.
        ["git", "-c", f"safe.directory={ROOT}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise Problem(f"git {arguments[0]} failed: {result.stderr.strip()}")
    return result.stdout
