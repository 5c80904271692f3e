"""A private AWS: boto3 calls pass through moto's request handling to the rules."""
