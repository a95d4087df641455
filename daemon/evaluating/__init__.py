"""Engines on labelled pictures: what a user's own captions and tags say of an engine's."""
