"""The engine process: hosts the models on one device; what it computes is up to the engine."""
