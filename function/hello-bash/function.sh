#!/bin/bash
# Greets whoever the event names. A program as any other: the event is its input, the log its output, and the result goes
# to descriptor 3.
event=$(cat)
name=world
[[ $event =~ \"name\"[[:space:]]*:[[:space:]]*\"([^\"\\]*)\" ]] && name=${BASH_REMATCH[1]}
echo "request $LAMBDA_RUNTIME_AWS_REQUEST_ID"
printf '{"greeting":"Hello, %s"}' "$name" >&3
