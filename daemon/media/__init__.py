"""Identify and decode media files; runs in the media workers only, never in the daemon."""
