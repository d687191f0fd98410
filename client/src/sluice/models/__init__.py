"""What the API answers with, as frozen dataclasses: unknown fields are ignored, and stay in `.raw`."""
