"""The web server: ComfyUI's protocol, Blockloom's own routes, events to every client."""
