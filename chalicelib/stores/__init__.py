"""Where things are kept. `interfaces` says what stores promise; `dynamodb`, `s3`, `step_functions`, `event_bus` and
`webhook_http` keep it on AWS, `memory` keeps it in a process.
"""
