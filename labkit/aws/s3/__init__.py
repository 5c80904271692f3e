"""S3: moto keeps buckets and objects, the rules say where events of them go."""

from labkit.aws.s3.adapter import S3Adapter

__all__ = ["S3Adapter"]
