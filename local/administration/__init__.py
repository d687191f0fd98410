"""`make admin`: what operators do to a stack on this machine or on AWS, a module for each group of commands.

Each module says which words it takes (`describe`), and performs them (`perform`); `command.py` joins them.
"""
