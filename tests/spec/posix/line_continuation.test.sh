# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.2.1: a backslash before a newline joins lines wherever tokens are made.

### reserved words and operators may be cut by line continuations
i\
f tr\
ue; th\
en echo b; f\
i
for\
 i in 1; do echo $i; do\
ne
case x i\
n x) echo e ;\
; es\
ac
true &\
& echo and
false |\
| echo or
f(\
) { echo f; }
f
!\
 true
echo $?
cat <\
< A\
B
text
AB
echo n 2>\
&1
#> b
#> 1
#> e
#> and
#> or
#> f
#> 1
#> text
#> n
