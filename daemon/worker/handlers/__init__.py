"""Who answers which request, by import path: a worker loads only the rooms that it needs."""

from daemon.wire import Describe, Identify, Place, Prepare, Read, Strip

TABLE: dict[type, str] = {
    Identify: "daemon.worker.handlers.media:identified",
    Describe: "daemon.worker.handlers.media:described",
    Read: "daemon.worker.handlers.files:read",
    Prepare: "daemon.worker.handlers.files:prepared",
    Place: "daemon.worker.handlers.files:placed",
    Strip: "daemon.worker.handlers.files:stripped",
}
