#!/bin/bash
# A runtime as AWS's tutorial on custom runtimes builds it: a curl for the event, a curl for the answer. It takes the
# event as text, because Bash cannot parse JSON. The header file lies in the working folder.
set -euo pipefail

api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  event=$(curl -fsS --dump-header headers "$api/next")
  while IFS=': ' read -r name value; do
    case ${name,,} in
      lambda-runtime-aws-request-id) id=${value%$'\r'} ;;
      lambda-runtime-deadline-ms) deadline=${value%$'\r'} ;;
    esac
  done < headers
  if ((deadline - ${EPOCHREALTIME/./} / 1000 <= 0)); then
    echo 'Cannot read the context: no time remains' >&2
    exit 1
  fi
  if [[ ${BENCH_LOG-} == 1 ]]; then echo "handled $id"; fi
  # Through a pipe, because an argument holds 128 KiB; without Expect, which would wait for a "100 Continue".
  printf %s "$event" |
    curl -fsS --output /dev/null --header 'Content-Type: application/json' --header 'Expect:' \
      --data-binary @- "$api/$id/response"
done
