"""Sentences about what SNS has sent to people: the outbox of a lab."""

CAPTION = "What SNS has sent to people. Lab time counts from {start} UTC."
COLUMNS = ("lab time", "by", "to", "subject", "text")
NOTHING = "SNS has sent nothing to people yet."
ADDRESS = "lab.outbox.{call}({given!r}): give an address, a telephone number or a token as text."
NUMBER = "lab.outbox.opt_out({given!r}): give a telephone number as text, for example '+14155550100'."
