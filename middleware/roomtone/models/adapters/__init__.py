"""One module for each family of models. The only place that imports torch; runs inside a worker process only."""

import os

# Read when the libraries are first imported, which is after this: weights come from a folder, never from the network.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
