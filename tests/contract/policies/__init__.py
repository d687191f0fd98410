"""What the Lambda functions call on AWS while they do their work, held against what their policies allow."""
