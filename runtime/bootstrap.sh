#!/bin/bash -p
# Starts the worker's interpreter, then becomes the bootstrap, on the interpreter that is there: node, else bun, else
# deno. They are looked for beside this file and in the function, never along PATH: Lambda has none there, a developer's
# machine has. Names begin with an underscore, which Lambda takes from no user: a function may have a variable `name`, and
# bash would give it our value. With -p it runs nothing that the function's variables name.
shopt -s execfail nullglob
# Else a `&` in a path would stand for what it replaces.
shopt -u patsub_replacement 2>/dev/null
# What every process of the function inherits and none sheds with its variables, its parent or its session: orphans.ts
# finds them by it. Linux heeds this limit no more.
ulimit -S -x $$ 2>/dev/null
_root=${0%/*}
_task=${LAMBDA_TASK_ROOT:-/var/task}
# Set below, never by a function.
unset PILOTLIGHT_LAUNCHED PILOTLIGHT_HANDED
# Left by each start, and the folder beside it by the bootstrap: a mark alone says that an interpreter died before it could
# say why. Lambda starts again in the same /tmp; only then are interpreters tried before they are believed.
_mark=${TMPDIR:-/tmp}/pilotlight.started
_doubt=
[[ -e $_mark && ! -e ${_mark%.started} ]] && _doubt=1
leave_mark() {
  [[ -e $_mark ]] || : >"$_mark"
} 2>/dev/null

# Reads one of the two commands of an interpreter's `.start` file from standard input into `_command`: one argument a
# line, up to an empty line. Both may begin with variables.
read_command() { # $1: where the interpreter's layer lies
  local _line
  _command=()
  while IFS= read -r _line && [[ -n $_line ]]; do
    # What NODE_OPTIONS say of the heap is the function's will, but a command wins over them.
    [[ $_line == *MiB}* && ${NODE_OPTIONS//_/-} == *"${_line%%=*}="* ]] && continue
    _line=${_line//'{binary}'/$1/bin/$_name}
    _line=${_line//'{layers}'/$_root}
    _line=${_line//'{runtimeDir}'/${LAMBDA_RUNTIME_DIR:-/var/runtime}}
    _line=${_line//'{heapMiB}'/$_heap}
    _line=${_line//'{semiSpaceMiB}'/$_semi_space}
    _command+=("${_line//'{bootstrap}'/$_root/pilotlight/bootstrap.cjs}")
  done
}

# Sets the variables before a command; a function's own win.
take_variables() {
  while [[ ${_command[0]} =~ ^([A-Za-z_]+)=(.*)$ ]]; do
    [[ -v ${BASH_REMATCH[1]} ]] || export "${_command[0]}"
    _command=("${_command[@]:1}")
  done
}

# Makes a pipe and sets `_reader` and `_writer`. No fork, and no /dev/fd, which Lambda may lack: bash keeps a here-string in
# a pipe, whose other end /proc can open.
make_pipe() {
  exec {_reader}<<<'' || return
  [[ -p /proc/self/fd/$_reader ]] && exec {_writer}>"/proc/self/fd/$_reader" && read -ru "$_reader"
} 2>/dev/null

# Both processes boot at once: one after the other is most of a cold start. The worker waits for the go line, so no code
# of the function runs before /tmp is ready. What is unusual is left to the bootstrap, which starts all later workers.
start_worker() {
  [[ -z $_doubt && ${PILOTLIGHT_LAUNCH:-overlap} == overlap ]] || return
  [[ ${PILOTLIGHT_MODE:-persistent} =~ ^(persistent|spare)$ ]] || return
  [[ -z $AWS_LAMBDA_EXEC_WRAPPER && -z $PILOTLIGHT_INSPECT && ${PILOTLIGHT_PERMISSIONS:-off} == off ]] || return
  local _file _found=()
  for _file in {"$_root","$_task"}/interpreters/*.start; do
    _name=${_file##*/} _name=${_name%.start}
    [[ ${PILOTLIGHT_INTERPRETER:-$_name} == "$_name" ]] && _found+=("$_file")
  done
  # A function that is a program is its own worker; what it does before it reads that line is its own affair.
  [[ -z $PILOTLIGHT_INTERPRETER && -f $_task/function.bundle ]] && _found=("$_task/function.bundle")
  [[ ${#_found[@]} == 1 ]] || return
  _name=${_found##*/} _name=${_name%.start}
  local _place=${_found%/interpreters/*}
  [[ -x $_place/bin/$_name || $_place == "$_found" && -x $_place ]] || return

  local _memory=${AWS_LAMBDA_FUNCTION_MEMORY_SIZE:-128} _heap=$PILOTLIGHT_HEAP_MIB _semi_space=1
  local _workers=${PILOTLIGHT_WORKERS:-1} _pollers=${AWS_LAMBDA_MAX_CONCURRENCY:-1}
  [[ $_memory$_heap$_workers$_pollers =~ ^[0-9]+$ ]] || return
  # As heap-limits.ts reckons it.
  ((_workers = _workers < _pollers ? _workers : _pollers, _memory /= _workers > 0 ? _workers : 1))
  [[ -n $_heap ]] || ((_heap = _memory - _memory / 8 - 64, _heap = _heap < 48 ? 48 : _heap))
  while ((_semi_space < 64 && _semi_space * 64 <= _memory)); do ((_semi_space *= 2)); done
  local _input _go _lines_reader _lines _errors _reader _writer _command
  make_pipe && _input=$_reader _go=$_writer || return
  make_pipe && _lines_reader=$_reader _lines=$_writer || return
  make_pipe && _errors=$_reader || return
  [[ $_place == "$_found" ]] && _command=("$_found") || {
    read_command "$_place"
    read_command "$_place"
  } <"$_found"
  ((${#_command[@]} > 0)) || return

  # Job control gives it a process group of its own: what the function left running goes with it.
  set -m
  (
    leave_mark
    # Lambda's descriptor for log lines, out of the way of those made here. One that is not there must not be named.
    if [[ -v _LAMBDA_TELEMETRY_LOG_FD ]]; then
      [[ $_LAMBDA_TELEMETRY_LOG_FD =~ ^[0-9]+$ ]] && exec {_telemetry}>&"$_LAMBDA_TELEMETRY_LOG_FD" &&
        export _LAMBDA_TELEMETRY_LOG_FD=$_telemetry || unset _LAMBDA_TELEMETRY_LOG_FD
    fi 2>/dev/null
    exec <&"$_input" 2>&"$_writer" 3>&"$_lines"
    # The other ends of the pipes, and whatever else came here: a worker has no descriptor but its own.
    for _file in /proc/self/fd/*; do
      _other=${_file##*/}
      ((_other < 4 || _other == 255)) || [[ $_other == "$_telemetry" ]] || exec {_other}>&-
    done
    [[ $PWD == "$_task" ]] || cd -- "$_task" || exit
    [[ $PILOTLIGHT_EXPOSE_RUNTIME_API == 1 ]] || unset AWS_LAMBDA_RUNTIME_API
    export AWS_EXECUTION_ENV=${AWS_EXECUTION_ENV-AWS_Lambda_provided.al2023}
    take_variables
    exec "${_command[@]}"
  ) &
  set +m
  export PILOTLIGHT_LAUNCHED="$_name $! $_go $_lines_reader $_errors"
  exec {_input}<&- {_lines}>&- {_writer}>&-
}
start_worker

# What steers an interpreter is the function's business: kept for the worker, out of the bootstrap's way.
for _name in "${!NODE_@}" "${!DENO_@}" "${!BUN_@}" "${!OPENSSL_@}" ${LD_PRELOAD+LD_PRELOAD}; do
  export "PILOTLIGHT_FOR_WORKER_$_name=${!_name}"
  unset "$_name"
done

# The worker can read the variables that the bootstrap was started with, not those that it gets by a pipe.
# Spelled out: a loop takes three times as long, in every cold start.
exec {PILOTLIGHT_HANDED}<<<"AWS_LAMBDA_RUNTIME_API=$AWS_LAMBDA_RUNTIME_API
AWS_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID
AWS_ACCESS_KEY=$AWS_ACCESS_KEY
AWS_SECRET_ACCESS_KEY=$AWS_SECRET_ACCESS_KEY
AWS_SESSION_TOKEN=$AWS_SESSION_TOKEN
AWS_CONTAINER_CREDENTIALS_FULL_URI=$AWS_CONTAINER_CREDENTIALS_FULL_URI
AWS_CONTAINER_AUTHORIZATION_TOKEN=$AWS_CONTAINER_AUTHORIZATION_TOKEN" &&
  export PILOTLIGHT_HANDED &&
  export -n AWS_LAMBDA_RUNTIME_API AWS_ACCESS_KEY_ID AWS_ACCESS_KEY AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN \
    AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN

_unusable= _reason=
for _name in node node26 bun deno; do
  for _place in "$_root" "$_task"; do
    [[ -f $_place/bin/$_name && -r $_place/interpreters/$_name.start ]] || continue
    read_command "$_place" <"$_place/interpreters/$_name.start"
    _unusable=$_place/bin/$_name
    [[ -z $_doubt ]] || _reason=$("$_unusable" --version 2>&1 >/dev/null) || {
      _status=$? _reason=": ${_reason##*$'\n'}"
      ((_status > 128)) && _reason=": ended by signal $((_status - 128))"
      continue
    }
    _reason=
    take_variables
    # The worker's shell may not have come to it yet, and Lambda ends it with an interpreter that dies at once.
    leave_mark
    exec "${_command[@]}"
  done
done

# No interpreter, no bootstrap: only the shell is left to say so.
_type=Runtime.InterpreterMissing
_message="Cannot start the bootstrap: found no interpreter in $_root/bin or $_task/bin, expected node, bun or deno; add an interpreter layer"
if [[ -n $_unusable ]]; then
  _type=Runtime.InterpreterUnusable
  _message="Cannot start the bootstrap: $_unusable does not run here$_reason; expected an executable program for $(uname -m), whole, and what it is linked with"
fi
LC_ALL=C
_message=${_message//[[:cntrl:]]/ }
_message=${_message//\\/\\\\}
_body="{\"errorType\":\"$_type\",\"errorMessage\":\"${_message//\"/\\\"}\",\"trace\":[]}"
_host=${AWS_LAMBDA_RUNTIME_API%:*}
echo "$_message" >&2
exec 3<>"/dev/tcp/${_host//[][]/}/${AWS_LAMBDA_RUNTIME_API##*:}" || exit 1
printf 'POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nLambda-Runtime-Function-Error-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' \
  "$AWS_LAMBDA_RUNTIME_API" "$_type" ${#_body} "$_body" >&3
# The answer's first line: the error has arrived.
read -r -t 5 <&3
exit 1
