"""Makes samples/customers.csv, the file that `make run` imports: many good customers and every kind of dirt."""
