"""Who answers which request, by import path: a worker loads only the rooms that it needs."""

from daemon.wire import Compare, Identify, Listen, Observe, Place, Prepare, Read, Say, Strip

TABLE: dict[type, str] = {
    Identify: "daemon.worker.handlers.media:identified",
    Observe: "daemon.worker.handlers.media:observed",
    Listen: "daemon.worker.handlers.sound:listened",
    Say: "daemon.worker.handlers.media:worded",
    Read: "daemon.worker.handlers.files:read",
    Prepare: "daemon.worker.handlers.files:prepared",
    Place: "daemon.worker.handlers.files:placed",
    Strip: "daemon.worker.handlers.files:stripped",
    Compare: "daemon.worker.handlers.files:compared",
}
