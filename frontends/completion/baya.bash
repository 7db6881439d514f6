# SPDX-License-Identifier: MIT
# Completion of baya's command line for bash: the program says what there is.
_baya()
{
	local words word breaks head=

	# bash splits words at its breaks, as = and :, and replaces what is behind the last.
	read -a words <<<"${COMP_LINE:0:COMP_POINT}."
	word=${words[-1]%.}
	words[-1]=$word
	breaks=${COMP_WORDBREAKS//[^=:]/}
	[[ -z $breaks || -z ${word//[^$breaks]/} ]] || head=${word%"${word##*["$breaks"]}"}
	mapfile -t COMPREPLY < <("${1/#~\//$HOME/}" __complete "${words[@]:1}" 2>/dev/null)
	COMPREPLY=("${COMPREPLY[@]#"$head"}")
	if [[ ${#COMPREPLY[@]} = 1 ]]; then
		[[ $COMPREPLY != *[=,:/] ]] || compopt -o nospace
		mapfile -t COMPREPLY < <(sed 's/[][ "'\''`$&|;<>(){}*?!\\]/\\&/g' <<<"$COMPREPLY")
	fi
}
complete -F _baya baya
