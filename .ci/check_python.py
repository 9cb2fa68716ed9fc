"""Say in words what a fresh machine lacks, before anything is installed. Runs on any Python 3."""

import sys

PYTHON_TOO_OLD = """\
Roomtone needs Python 3.11 or newer; '{}' is {}.{}.
Install one and name it:

    make test PYTHON=python3.12
"""

VENV_MISSING = """\
This Python has no working venv module (Debian and Ubuntu package it apart).
Install it and run make again:

    sudo apt-get install python3-venv
"""


def main():
    """Exit with a sentence when this Python cannot make the virtual environment."""
    if sys.version_info < (3, 11):
        sys.exit(PYTHON_TOO_OLD.format(sys.executable, *sys.version_info[:2]))
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        sys.exit(VENV_MISSING)


if __name__ == "__main__":
    main()
