"""What happens, and when: watching, queueing, decoding, describing, serving."""
