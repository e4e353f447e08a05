"""Keep vendors from reporting on their users: some decide at import, by their environment, and write an id to disk."""

from __future__ import annotations

import os

# onnxruntime reports to Microsoft since its Linux wheels carry 1DS; its own `disable_telemetry_events()` comes too late
# for the first event (its Privacy.md). The second name is that of earlier releases.
_OFF = {
    "ORT_DISABLE_TELEMETRY": "1",
    "ORT_TELEMETRY_DISABLED": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "DO_NOT_TRACK": "1",
}


def silence_vendors() -> None:
    """Turn off telemetry for this process and its children; call it right before a vendor is imported."""
    os.environ.update(_OFF)
