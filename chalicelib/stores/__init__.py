"""Stores: `interfaces` says what they promise; `dynamodb`, `s3`, `step_functions`, `event_bus` and `webhook_http` keep
the promises on AWS, and `memory` keeps them inside a process.
"""
