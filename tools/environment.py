"""The virtual environment: made when it is missing, filled when a requirements file has changed.

    python3 tools/environment.py requirements-dev.txt requirements.txt

installs the first file, which covers the others, unless all of them are in already. Needs nothing but Python:
Debian's python3-venv may be missing. Old Pythons can read this file, to be told that they are too old.
"""

import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOME = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(HOME, "bin", "python")
OLDEST = (3, 11)
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
NO_PIP = (
    "No pip was found to install with. Install one and run this again: `apt-get install python3-pip` on Debian and "
    "Ubuntu, `python3 -m ensurepip --user` elsewhere."
)


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def works(*command):
    """Whether the command can be run and succeeds."""
    try:
        return subprocess.call(command, **QUIET) == 0  # noqa: S603
    except OSError:
        return False


def digest(name):
    with open(os.path.join(ROOT, name), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def stamp(name):
    """Where it is kept which state of a requirements file is installed."""
    return os.path.join(HOME, "." + name + ".installed")


def is_installed(name):
    try:
        with open(stamp(name)) as file:
            return file.read() == digest(name)
    except OSError:
        return False


def pip():
    """The command that installs into the environment, which is made when it is not there.

    The pip of the Python in use can do it from outside (22.3 and later); without one Python's own copy is
    unpacked, which Debian leaves out; a pip that belongs to another Python comes last.
    """
    if not works(PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"):
        say("Making a virtual environment in .venv with Python {}.{}".format(*sys.version_info))
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", "--without-pip", HOME])  # noqa: S603
    inside, outside = [PYTHON, "-m", "pip"], [sys.executable, "-m", "pip", "--python", PYTHON]
    if works(*inside, "--version"):
        return inside
    if works(*outside, "--version"):
        return outside
    if works(PYTHON, "-m", "ensurepip"):
        return inside
    others = ([name, "--python", PYTHON] for name in ("pip3", "pip"))
    return next((command for command in others if works(*command, "--version")), None) or sys.exit(NO_PIP)


def install(name, *covered):
    """Install what the file names, and note that it and the files it covers are in."""
    command = pip()
    say("Installing the packages of " + name)
    options = ["--disable-pip-version-check", "--no-input", "--quiet", "--require-hashes", "-r"]
    code = subprocess.call([*command, "install", *options, os.path.join(ROOT, name)])  # noqa: S603
    if code:
        sys.exit("The packages of " + name + " could not be installed; pip says why above.")
    for each in (name, *covered):
        with open(stamp(each), "w") as file:
            file.write(digest(each))


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(
            "Prepaid Desk needs Python 3.11 or newer, and this is {}.{}. If another is installed, name it: "
            "`make run PYTHON=python3.12`.".format(*sys.version_info)
        )
    if not (os.access(PYTHON, os.X_OK) and all(is_installed(each) for each in sys.argv[1:])):
        install(*sys.argv[1:])
