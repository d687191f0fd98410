"""Filters, comparisons and orders of stored records."""
