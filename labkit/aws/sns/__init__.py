"""SNS: moto keeps topics and subscriptions, the rules say what is taken and what each subscriber gets."""

from labkit.aws.sns.adapter import SnsAdapter

__all__ = ["SnsAdapter"]
