# SPDX-License-Identifier: MIT
# Completion of baya's command line for fish: the program says what there is.
function __baya_complete
    set -l words (commandline -opc)
    string match -q '~/*' -- $words[1]; and set words[1] $HOME/(string sub -s 3 -- $words[1])
    $words[1] __complete $words[2..] (commandline -ct | string unescape) 2>/dev/null
end
complete -c baya -f -a '(__baya_complete)'
