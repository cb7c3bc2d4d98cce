"""Lets `python -m accords` do what the command `accords` does."""

import sys

from accords.cli import main

sys.exit(main())
