# ask.fish SCRIPT LINE...: prints each line, then what fish would offer at its end, one a line
source $argv[1]; or exit
for line in $argv[2..-1]
    echo "> $line"
    complete -C $line | string replace -r '\t.*' ''
end
