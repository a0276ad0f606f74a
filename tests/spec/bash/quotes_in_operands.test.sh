# SPDX-License-Identifier: Apache-2.0
# bash: quotes and backslashes within the word of ${...}.

### a backslash in quotes within quotes takes any character
v=VAL
printf '<%s>\n' "a ${v:+x="\'$v\'"}" "a ${v:+"\p"}" "a ${v:+\p}" "a ${v:+x="\\"}"
printf '<%s>\n' "${v:+"\$v"}" "${v:+"a\"b"}" "${n:-"\`x\`"}" "${n-"'"}" "${n:-"$'a\tb'"}"
cat <<E
${v:+"\p"} ${v:+\p} ${v:+'x'} ${n-'}'}
E
#> <a x='VAL'>
#> <a p>
#> <a \p>
#> <a x=\>
#> <$v>
#> <a"b>
#> <`x`>
#> <'>
#> <$'atb'>
#> p \p 'x' '}'

### posix mode: an apostrophe is itself
set -o posix
printf '<%s>\n' "it ${HOME+'s fine} here" "${HOME+'}'z}" "${nope-don't} end" "${n:-$'a'b}"
v=a/b
printf '<%s>\n' "${v#'a'/}" "${v%/'b'}" "${v//'}'/x}"
cat <<E
${v#'a'} ${v:+'x'} ${n-it's}
E
#> <it 's fine here>
#> <''z}>
#> <don't end>
#> <$'a'b>
#> <b>
#> <a>
#> <a/b>
#> /b 'x' it's
