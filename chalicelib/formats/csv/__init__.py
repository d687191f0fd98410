"""CSV and TSV: how they are read and how they are written."""
