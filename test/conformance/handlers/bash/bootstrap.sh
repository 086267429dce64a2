#!/bin/bash
# A runtime as AWS's tutorial on custom runtimes builds it: the function's file is sourced once, then a curl for each
# event and a curl for each answer.
set -euo pipefail

source "$LAMBDA_TASK_ROOT/${_HANDLER%.*}.sh"
headers=$(mktemp)
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  event=$(curl -sS -L --dump-header "$headers" "$api/next")
  id=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$headers" | tr -d '[:space:]' | cut -d: -f2)
  response=$("${_HANDLER##*.}" "$event")
  # Through a pipe: an argument holds 128 KiB.
  printf %s "$response" | curl -sS --output /dev/null --data-binary @- "$api/$id/response"
done
