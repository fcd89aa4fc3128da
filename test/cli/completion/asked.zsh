# sourced by the zsh that ask.zsh asks
autoload -Uz compinit
compinit -u -D
source $ASK_SCRIPT
unsetopt auto_list auto_menu beep
# takes down what is offered
compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a hits
  builtin compadd -A hits "$@"
  if (( $#hits )); then print -rl -- $hits >>$ASK_OUT; fi
  builtin compadd "$@"
}
ask-all() {
  local line
  for line in ${(f)ASK_LINES}; do
    print -r "> $line" >>$ASK_OUT
    BUFFER=$line
    CURSOR=$#BUFFER
    zle complete-word
  done
  print END >>$ASK_OUT
}
zle -N ask-all
bindkey '^X' ask-all
