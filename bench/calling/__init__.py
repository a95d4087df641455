"""What ``bench/endpoint.py`` is made of: pictures, a server that costs nothing, and a bare loop."""
