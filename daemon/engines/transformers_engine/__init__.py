"""Open-weight models on the own machine; the only room that knows torch."""
