"""The process that calls servers: the only one that uses a network; decodes and stores nothing."""
