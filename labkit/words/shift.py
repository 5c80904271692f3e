"""Sentences that exercises with workers share."""

NO_CALLS = "no API call at all"
COUNTED = "{calls} API calls: {parts}"
