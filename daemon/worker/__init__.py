"""What runs inside a media worker: the sandbox, the tools it keeps, and who answers what."""
