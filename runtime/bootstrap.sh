#!/bin/bash
# Becomes the bootstrap, on the interpreter that is there: node, else bun, else deno. They are looked for beside this
# file and in the function, never along PATH: Lambda has none there, a developer's machine has.
shopt -s execfail
root=${0%/*}

# What steers an interpreter is the function's business: kept for the worker, out of the bootstrap's way.
for name in "${!NODE_@}" "${!DENO_@}" "${!BUN_@}" "${!OPENSSL_@}" "${!LD_PRELOAD@}"; do
  export "PILOTLIGHT_FOR_WORKER_$name=${!name}"
  unset "$name"
done

unusable=
for name in node node26 bun deno; do
  for place in "$root" "$LAMBDA_TASK_ROOT"; do
    [[ -f $place/bin/$name && -r $place/interpreters/$name.start ]] || continue
    command=()
    while IFS= read -r argument && [[ -n $argument ]]; do
      argument=${argument//'{binary}'/$place/bin/$name}
      command+=("${argument//'{bootstrap}'/$root/pilotlight/bootstrap.mjs}")
    done <"$place/interpreters/$name.start"
    exec "${command[@]}"
    unusable=$place/bin/$name
  done
done

# No interpreter, no bootstrap: only the shell is left to say so.
type=Runtime.InterpreterMissing
message="Cannot start the bootstrap: found no interpreter in $root/bin or $LAMBDA_TASK_ROOT/bin, expected node, bun or deno; add an interpreter layer"
if [[ -n $unusable ]]; then
  type=Runtime.InterpreterUnusable
  message="Cannot start the bootstrap: $unusable does not run here; expected a program for $(uname -m) that is executable"
fi
LC_ALL=C
message=${message//\\/\\\\}
body="{\"errorType\":\"$type\",\"errorMessage\":\"${message//\"/\\\"}\",\"trace\":[]}"
host=${AWS_LAMBDA_RUNTIME_API%:*}
echo "$message" >&2
exec 3<>"/dev/tcp/${host//[][]/}/${AWS_LAMBDA_RUNTIME_API##*:}" || exit 1
printf 'POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nLambda-Runtime-Function-Error-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' \
  "$AWS_LAMBDA_RUNTIME_API" "$type" ${#body} "$body" >&3
# The answer's first line: the error has arrived.
read -r -t 5 <&3
exit 1
