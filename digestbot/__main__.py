"""`python -m digestbot`."""

from .cli import main

main()
