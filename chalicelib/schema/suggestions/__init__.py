"""Suggests which column of a source feeds which field: headers and sample rows go in, ranked fields come out.

`lexicon` knows the words of headers in twelve languages, `header_parser` takes a header apart, `recipes` say which
concepts mean which field, `values` what the samples look like, `candidates` rate fields, `assignment` gives each column
its own.
"""
