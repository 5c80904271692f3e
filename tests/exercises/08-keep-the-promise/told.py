"""Wrong answer -> (outcome, belief, what its message must say)."""

TOLD = {
    "nothing_useful": ("wrong", None, ["Nothing that you called changes the size of the group"]),
    "limits_only": ("wrong", None, ["The group kept its size through the rush. A number that is set once"]),
    "two_are_enough": ("wrong", None, ["2 instances need 30 min for it. The group kept that size"]),
    "fixed_fleet": ("wrong", None, ["The group had 8 instances all day long", "960 instance-minutes"]),
    "length_alone": ("wrong", None, ["The policy follows the length of the queue alone"]),
    "oldest_message": ("wrong", None, ["The first helper was in service 14 min after the rush had begun"]),
    "target_of_thirty": ("wrong", None, ["a day of gifts", "Nothing came above the threshold of 30 of the alarm Target"]),
    "target_of_one": ("wrong", None, ["Up to 20 instances were launched", "a larger target launches fewer"]),
    "wrong_dimension": ("wrong", None, ["had no data point in the whole day", "the queue is 'parcels', the group"]),
    "wrong_name": ("wrong", None, ["had no data point in the whole day. A metric is found by"]),
    "no_scale_in": ("wrong", None, ["At the end of the day 6 instances were still there"]),
    "policy_without_alarm": ("wrong", None, ["There is a scaling policy, but nothing invokes it"]),
    "alarm_without_action": ("wrong", None, ["The alarm many-parcels went off for nobody"]),
    "silent_alarm": ("wrong", None, ["Nothing came above the threshold of 1000 of the alarm many-parcels"]),
    "never_sleeps": ("wrong", None, ["API calls of your function by minute", "call `time.sleep(60)` in the loop"]),
    "typo_parameter": ("crashed", None, ['Missing required parameter in input: "PolicyName"']),
    "too_large": ("crashed", None, ["New SetDesiredCapacity value 50 is above max value 20"]),
    "wrong_signature": ("crashed", None, ["The check calls `scale(autoscaling, cloudwatch, group, queue, seconds"]),
}
