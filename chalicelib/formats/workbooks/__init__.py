"""Reads spreadsheets (XLSX, XLSM, XLSB, XLS, ODS), and writes XLSX."""
