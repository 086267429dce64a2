#!/bin/bash
# The kit's handler as a program that is started for each event: it reads the event and writes its result to descriptor 3.
source "$LAMBDA_TASK_ROOT/function.sh"
event=$(cat)
case $event in
  *'"action":"throw"'*)
    message=${event#*\"message\":\"}
    echo "{\"errorType\":\"Error\",\"errorMessage\":\"${message%%\"*}\"}" >&3
    exit 1
    ;;
  *) handler "$event" >&3 ;;
esac
