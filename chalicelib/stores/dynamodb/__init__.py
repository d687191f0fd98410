"""Every store that DynamoDB keeps: the control table, the records table, and the table of idempotency records.

Records have a table of their own, so that a load of them never slows a status or a key down. `client` and `client_http`
are the thin client of the hot paths, `signing` and `statements` spell what it sends; `record_items` says how a record
lies in its table, `record_writes` in which order it gets there; `control_table` and `due_index` are what all other
stores here share.
"""
