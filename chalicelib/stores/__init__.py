"""Where things are kept: `interfaces` promises; `dynamo`, `s3`, `step_functions` keep it on AWS, `memory` without."""
