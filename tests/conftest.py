"""What holds for every test: no screen is needed, and random examples are the same each time."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")

# A failure seen on one machine must be there on the next, so the examples are not random; and a
# slow, shared machine is no failure, so there is no deadline for one example.
settings.register_profile("rssim", derandomize=True, deadline=None)
settings.load_profile("rssim")
