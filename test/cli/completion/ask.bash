# ask.bash SCRIPT LINE...: prints each line, then what bash would offer at its end, one a line
source "$1" || exit
shift
for line; do
  echo "> $line"
  # as readline cuts words: at spaces and at =
  eval "COMP_WORDS=(${line//=/ = })"
  if [[ $line == *[\ ] ]]; then COMP_WORDS+=(''); fi
  COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
  COMPREPLY=()
  $(complete -p waymark | sed 's/.*-F \([^ ]*\).*/\1/')
  if (( ${#COMPREPLY[@]} )); then printf '%s\n' "${COMPREPLY[@]}"; fi
done
