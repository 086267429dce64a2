"""Answers the event itself; what the benchmark asks of a handler in every language."""

import os

LOG = os.environ.get("BENCH_LOG") == "1"


def handler(event, context):
    if not context.aws_request_id or context.get_remaining_time_in_millis() <= 0:
        raise RuntimeError("Cannot read the context: request id or remaining time is missing")
    if LOG:
        print("handled", context.aws_request_id)
    return event
