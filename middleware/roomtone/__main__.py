"""`python -m roomtone` is `roomtone`."""

import sys

from roomtone.cli import main

if __name__ == "__main__":
    sys.exit(main())
