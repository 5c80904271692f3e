"""Auto Scaling: moto keeps groups, instances and policies; ours are policies that act and instances that work."""

from labkit.aws.autoscaling.adapter import AutoScalingAdapter

__all__ = ["AutoScalingAdapter"]
