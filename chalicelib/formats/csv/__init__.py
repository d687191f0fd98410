"""Reads and writes CSV and TSV."""
