"""Sluice: bulk import and export. Start reading at `road.py`, the life of an import on one page."""
