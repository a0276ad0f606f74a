# SPDX-License-Identifier: Apache-2.0
# How deep functions nest: as deep as bash's by default, and beyond that an error that is one.

### functions nest 5,000 deep, whatever stands between
f() { if (($1 > 0)); then f $(($1 - 1)); fi; }; f 5000; echo if
g() { local a=$1; for x in 1; do case $a in 0) ;; *) { g $((a - 1)); } ;; esac; done; }; g 5000; echo case
h() { (($1 > 0)) && eval 'h $(($1 - 1))'; }; h 5000; echo eval
#> if
#> case
#> eval

### functions without end are an error and no death
f() { f; }
f 2>/dev/null
echo "$?"
g() { while :; do { if g; then :; fi; }; done; }; (g) 2>/dev/null; echo "$?"
h() { eval h; }; (h) 2>/dev/null; echo "$?"
#> 1
#> 1
#> 1

### a width of printf may be larger than 64 MB
printf %67108865s | wc -c
#> 67108865
