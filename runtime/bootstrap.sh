#!/bin/bash
# Starts the worker's interpreter, then becomes the bootstrap, on the interpreter that is there: node, else bun, else
# deno. They are looked for beside this file and in the function, never along PATH: Lambda has none there, a developer's
# machine has.
shopt -s execfail nullglob
# Else a `&` in a path would stand for what it replaces.
shopt -u patsub_replacement 2>/dev/null
root=${0%/*}
task=${LAMBDA_TASK_ROOT:-/var/task}

# Reads one of the two commands of an interpreter's `.start` file from standard input into `command`: one argument a
# line, up to an empty line. The command of the worker may begin with variables.
read_command() { # $1: where the interpreter's layer lies
  local line
  command=()
  while IFS= read -r line && [[ -n $line ]]; do
    line=${line//'{binary}'/$1/bin/$name}
    line=${line//'{layers}'/$root}
    line=${line//'{runtimeDir}'/${LAMBDA_RUNTIME_DIR:-/var/runtime}}
    line=${line//'{heapMiB}'/$heap}
    command+=("${line//'{bootstrap}'/$root/pilotlight/bootstrap.cjs}")
  done
}

# Makes a pipe and sets `reader` and `writer`. No fork, and no /dev/fd, which Lambda may lack: bash keeps a here-string in
# a pipe, whose other end /proc can open.
make_pipe() {
  exec {reader}<<<'' || return
  [[ -p /proc/self/fd/$reader ]] && exec {writer}>"/proc/self/fd/$reader" && read -ru "$reader"
} 2>/dev/null

# Both processes boot at once: one after the other is most of a cold start. The worker waits for the go line, so no code
# of the function runs before /tmp is ready. What is unusual is left to the bootstrap, which starts all later workers.
start_worker() {
  [[ ${PILOTLIGHT_LAUNCH:-overlap} == overlap && ${PILOTLIGHT_MODE:-persistent} == persistent ]] || return
  [[ -z $AWS_LAMBDA_EXEC_WRAPPER && -z $PILOTLIGHT_INSPECT ]] || return
  local file found=()
  for file in {"$root","$task"}/interpreters/*.start; do
    name=${file##*/} name=${name%.start}
    [[ ${PILOTLIGHT_INTERPRETER:-$name} == "$name" ]] && found+=("$file")
  done
  [[ ${#found[@]} == 1 ]] || return
  name=${found##*/} name=${name%.start}
  local place=${found%/interpreters/*}
  [[ -x $place/bin/$name ]] || return

  local memory=${AWS_LAMBDA_FUNCTION_MEMORY_SIZE:-128} heap=$PILOTLIGHT_HEAP_MIB
  [[ $memory$heap =~ ^[0-9]+$ ]] || return
  [[ -n $heap ]] || heap=$((memory < 112 ? 48 : memory - 64))
  local input go lines_reader lines errors reader writer command
  make_pipe && input=$reader go=$writer || return
  make_pipe && lines_reader=$reader lines=$writer || return
  make_pipe && errors=$reader || return
  {
    read_command "$place"
    read_command "$place"
  } <"$found"
  ((${#command[@]} > 0)) || return

  # Job control gives it a process group of its own: what the function left running goes with it.
  set -m
  (
    # Lambda's descriptor for log lines, out of the way of those made here. One that is not there must not be named.
    if [[ -v _LAMBDA_TELEMETRY_LOG_FD ]]; then
      [[ $_LAMBDA_TELEMETRY_LOG_FD =~ ^[0-9]+$ ]] && exec {telemetry}>&"$_LAMBDA_TELEMETRY_LOG_FD" &&
        export _LAMBDA_TELEMETRY_LOG_FD=$telemetry || unset _LAMBDA_TELEMETRY_LOG_FD
    fi 2>/dev/null
    exec <&"$input" 2>&"$writer" 3>&"$lines"
    exec {input}<&- {go}>&- {lines_reader}<&- {lines}>&- {errors}<&- {writer}>&-
    [[ $PWD == "$task" ]] || cd -- "$task" || exit
    [[ $PILOTLIGHT_EXPOSE_RUNTIME_API == 1 ]] || unset AWS_LAMBDA_RUNTIME_API
    export AWS_EXECUTION_ENV=${AWS_EXECUTION_ENV-AWS_Lambda_provided.al2023}
    while [[ ${command[0]} =~ ^([A-Z_]+)=(.*)$ ]]; do
      [[ -v ${BASH_REMATCH[1]} ]] || export "${command[0]}"
      command=("${command[@]:1}")
    done
    exec "${command[@]}"
  ) &
  set +m
  export PILOTLIGHT_LAUNCHED="$name $! $go $lines_reader $errors"
  exec {input}<&- {lines}>&- {writer}>&-
}
start_worker

# What steers an interpreter is the function's business: kept for the worker, out of the bootstrap's way.
for name in "${!NODE_@}" "${!DENO_@}" "${!BUN_@}" "${!OPENSSL_@}" "${!LD_PRELOAD@}"; do
  export "PILOTLIGHT_FOR_WORKER_$name=${!name}"
  unset "$name"
done

unusable=
for name in node node26 bun deno; do
  for place in "$root" "$task"; do
    [[ -f $place/bin/$name && -r $place/interpreters/$name.start ]] || continue
    read_command "$place" <"$place/interpreters/$name.start"
    exec "${command[@]}"
    unusable=$place/bin/$name
  done
done

# No interpreter, no bootstrap: only the shell is left to say so.
type=Runtime.InterpreterMissing
message="Cannot start the bootstrap: found no interpreter in $root/bin or $task/bin, expected node, bun or deno; add an interpreter layer"
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
