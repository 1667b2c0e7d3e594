"""Blockloom inside ComfyUI: its nodes, its panels and its routes in ComfyUI's own process."""
