"""Pages by their addresses: `ingest.web.fetch` saves them in a folder, from which they are ingested like any files."""

from ingest.load import SIDECAR_SUFFIX
from ingest.web.options import FetchOptions, Surroundings
from ingest.web.problems import FetchError
from ingest.web.sidecar import Sidecar, is_sidecar, read_sidecar

__all__ = [
    "SIDECAR_SUFFIX",
    "FetchError",
    "FetchOptions",
    "Sidecar",
    "Surroundings",
    "is_sidecar",
    "read_sidecar",
]
