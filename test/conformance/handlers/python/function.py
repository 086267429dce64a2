"""The kit's handler: what it does, an event says in "action"; all else is answered as it is."""

import logging
import os
import signal
import time

if os.environ.get("CONFORMANCE_INIT") == "throw":
    raise RuntimeError("init failed on purpose: grüße 🔥")
if os.environ.get("CONFORMANCE_INIT") == "exit":
    os._exit(7)

count = 0


def fail(event, context):
    raise TypeError(event["message"])


def end(event, context):
    os._exit(event["code"])


def kill(event, context):
    os.kill(os.getpid(), signal.SIGKILL)


def wait(event, context):
    while not os.path.exists(event["path"]):
        time.sleep(0.005)
    return event.get("value")


def read_context(event, context):
    client, identity = context.client_context, context.identity
    has_identity = identity is not None and identity.cognito_identity_id is not None
    return {
        "requestId": context.aws_request_id,
        "functionArn": context.invoked_function_arn,
        "functionName": context.function_name,
        "functionVersion": context.function_version,
        "memoryMiB": int(context.memory_limit_in_mb),
        "remainingMs": context.get_remaining_time_in_millis(),
        "clientContext": None
        if client is None
        else {"custom": client.custom, "installation_id": client.client and client.client.installation_id},
        "identity": {"cognitoIdentityId": identity.cognito_identity_id} if has_identity else None,
        "tenantId": getattr(context, "tenant_id", None),
    }


def read_variables(event, context):
    return {name: os.environ.get(name) for name in event["names"]}


def counted(event, context):
    global count
    count += 1
    return count


def log(event, context):
    if "path" in event:
        wait(event, context)
    for line in event["lines"]:
        if "level" in event:
            logging.getLogger().log(logging.getLevelName(event["level"].upper()), line)
        else:
            print(line)
    if "code" in event:
        os._exit(event["code"])


def hook(side, at):
    def run():
        if os.environ["CONFORMANCE_SNAPSHOT"] == f"{side} fails":
            raise TypeError(f"{side} fails on purpose")
        print(f"{side} {at}")

    return run


if "CONFORMANCE_SNAPSHOT" in os.environ:
    import snapshot_restore_py

    for at in (1, 2):
        snapshot_restore_py.register_before_snapshot(hook("before", at))
        snapshot_restore_py.register_after_restore(hook("after", at))


ACTIONS = {
    "throw": fail,
    "exit": end,
    "kill": kill,
    "wait": wait,
    "context": read_context,
    "env": read_variables,
    "log": log,
    "large": lambda event, context: "x" * (event["bytes"] - 2),
    "unwritable": lambda event, context: {1, 2},
    "nothing": lambda event, context: None,
    "count": counted,
}


def handler(event, context):
    action = ACTIONS.get(event.get("action")) if isinstance(event, dict) else None
    return event if action is None else action(event, context)
