"""What is known of a media file, and where it is written; knows nothing of the daemon."""
