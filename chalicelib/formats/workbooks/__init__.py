"""Spreadsheets (XLSX, XLSM, XLSB, XLS, ODS): how they are read, and how XLSX is written."""
