"""The one room that knows diffusers and torch: blocks, components, values."""
