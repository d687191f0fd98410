"""What each of the seven phases decides, pure and on batches; look-ups are passed in.

The names are public ones, of PackageX: preparsing and parsing look for duplicates, transforming matches rows with
stored records.
"""
