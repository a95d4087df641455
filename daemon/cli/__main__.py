"""`python -m daemon.cli` is `captiond`, for where no script is installed."""

from daemon.cli import main

main(prog_name="captiond")
