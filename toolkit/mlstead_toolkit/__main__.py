"""`python -m mlstead_toolkit` is `mlstead`, also where no console script was installed."""

from mlstead_toolkit.command import main

main()
