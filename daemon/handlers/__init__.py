"""Who answers which request, by import path: a worker loads only the rooms that it needs."""

from daemon.wire import Describe, Identify, Place, Prepare, Read, Strip

TABLE: dict[type, str] = {
    Identify: "daemon.handlers.media:identified",
    Describe: "daemon.handlers.media:described",
    Read: "daemon.handlers.files:read",
    Prepare: "daemon.handlers.files:prepared",
    Place: "daemon.handlers.files:placed",
    Strip: "daemon.handlers.files:stripped",
}
