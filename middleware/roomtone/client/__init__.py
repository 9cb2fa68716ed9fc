"""The reference client: a game's side of the wire, in Python.

```python
with Client.connect() as client:
    scene = client.open_scene("rainy_cafe", seed=7)
    scene.open_layers()
    scene.buffer()
    scene.set(rain=0.8)
    blocks = scene.read(480, wait_s=0.01)       # {layer: (480, channels) float32}
```

From the outside in: `client` and `scene` are what a game holds; `session`, `record` and `comeback` are what is open and
how it comes back; `connection` and `link` are the thread and its socket; `playback` and `conceal` are what is heard.
"""

from roomtone.client.client import DEFAULT_ENDPOINT, Client, ClientStats
from roomtone.client.events import Disconnected, Event, LayerGone, Reconnected, SceneGone
from roomtone.client.link import Keys
from roomtone.client.scene import Layer, Scene

__all__ = [
    "DEFAULT_ENDPOINT",
    "Client",
    "ClientStats",
    "Disconnected",
    "Event",
    "Keys",
    "Layer",
    "LayerGone",
    "Reconnected",
    "Scene",
    "SceneGone",
]
