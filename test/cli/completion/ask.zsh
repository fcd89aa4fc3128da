# ask.zsh SCRIPT LINE...: prints each line, then what zsh would offer at its end, one a line. The completion of zsh works
# in its line editor only, so an interactive zsh is asked on a terminal of its own.
export ASK_SCRIPT=$1 ASK_OUT=$(mktemp) ASK_LINES=${(pj:\n:)@[2,-1]}
zmodload zsh/zpty
zpty asked zsh -f -i
zpty -w asked 'source '${(q)0:A:h}/asked.zsh
zpty -w asked $'\030'
integer waited=0
until grep -q '^END$' $ASK_OUT || (( ++waited > 600 )); do sleep 0.05; zpty -rt asked >/dev/null; done
zpty -d asked
grep -v '^END$' $ASK_OUT
rm $ASK_OUT
