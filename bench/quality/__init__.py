"""Hold what the builtin engine says of the labelled set against what is true, and count."""
