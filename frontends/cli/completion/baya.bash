# SPDX-License-Identifier: MIT
# Completion of baya's command line for bash: the program says what there is.

# The words of $1 as the shell means them, the last of which may be open; of that one, `head` is what
# bash leaves as it is: up to its last break, as = and :, or the quote that is open.
_baya_words()
{
	local c quote= open= word i breaks=${COMP_WORDBREAKS//[^=:]/}

	unset word
	words=() head=
	for ((i = 0; i < ${#1}; i++)); do
		c=${1:i:1}
		if [[ $c = "$quote" && -n $quote ]]; then
			quote=
		elif [[ -z $quote && $c = [\"\'] ]]; then
			quote=$c open=${word-} word=${word-}
		elif [[ -z $quote && $c = [[:space:]] ]]; then
			[[ ! -v word ]] || words+=("$word")
			unset word
			head=
		elif [[ $c = \\ && $quote != \' ]]; then
			word=${word-}${1:$((++i)):1}
		else
			word=${word-}$c
			[[ -n $quote || -z $breaks || $c != ["$breaks"] ]] || head=$word
		fi
	done
	words+=("${word-}")
	[[ -z $quote ]] || head=$open
}

_baya()
{
	local words head found

	_baya_words "${COMP_LINE:0:COMP_POINT}"
	mapfile -t COMPREPLY < <("${words[0]/#~\//$HOME/}" __complete "${words[@]:1}" 2>/dev/null)
	COMPREPLY=("${COMPREPLY[@]#"$head"}")
	[[ ${#COMPREPLY[@]} != 1 || $COMPREPLY != *[=,:/] ]] || compopt -o nospace
	# bash writes what has to be quoted as names of files are.
	for found in "${COMPREPLY[@]}"; do
		[[ $found != *[][\ \"\'\`\$\&\|\;\<\>\(\)\{\}*?!\\]* ]] || compopt -o filenames
	done
}
complete -F _baya baya
