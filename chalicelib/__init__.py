"""Sluice: bulk import and export. Start reading at `imports/pipeline.py`, the life of an import on one page."""
