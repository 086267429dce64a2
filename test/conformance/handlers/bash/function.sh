# The kit's handler for runtimes that call a function of Bash with the event; it finds its words by pattern.
handler() {
  local event=$1
  case $event in
    *'"action":"throw"'*)
      echo 'on purpose' >&2
      return 1
      ;;
    *'"action":"exit"'*) kill -TERM $$ ;;
    *'"action":"kill"'*) kill -KILL $$ ;;
    *'"action":"wait"'*)
      local path=${event#*\"path\":\"}
      until [[ -e ${path%%\"*} ]]; do sleep 0.01; done
      local value=${event#*\"value\":}
      echo "${value%\}}"
      ;;
    *'"action":"env"'*)
      local names=${event#*\[} name answer=
      IFS=, read -ra names <<< "${names%%\]*}"
      for name in "${names[@]//\"/}"; do
        answer+=",\"$name\":$(quoted "$name")"
      done
      echo "{${answer:1}}"
      ;;
    *'"action":"log"'*)
      # What it prints is its result: lines go to standard error.
      local lines=${event#*\[} line
      IFS=, read -ra lines <<< "${lines%%\]*}"
      for line in "${lines[@]//\"/}"; do echo "$line" >&2; done
      [[ $event != *'"code"'* ]] || kill -TERM $$
      echo null
      ;;
    *'"action":"large"'*)
      local bytes=${event##*\"bytes\":}
      printf '"%*s"' $((${bytes%\}} - 2)) '' | tr ' ' x
      ;;
    *) printf '%s' "$event" ;;
  esac
}

# The value of a variable as JSON.
quoted() {
  if [[ ! -v $1 ]]; then
    echo null
    return
  fi
  local value=${!1}
  value=${value//\\/\\\\}
  value=${value//\"/\\\"}
  value=${value//$'\n'/\\n}
  echo "\"$value\""
}
