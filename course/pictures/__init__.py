"""Pictures: pure functions from plain data to SVG or HTML text, without a browser or a kernel."""
