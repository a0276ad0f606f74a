# SPDX-License-Identifier: Apache-2.0
# Memory: what a script does again and again grows nothing.

### a loop of a million turns grows nothing
## timeout: 300
resident() {
  while read -r key value unit; do
    case $key in VmRSS:) kilobytes=$value ;; esac
  done < /proc/self/status
}
work() {
  while [ $i -lt $1 ]; do
    i=$((i + 1))
    word=a/b.$i
    word=${word#*/}
    case $word in *[!0-9]9) : ;; b.*) : ;; esac
  done
}
i=0
work 5000
resident
before=$kilobytes
work 1000000
resident
echo $((kilobytes - before < 1024))
#> 1

### functions, arrays and substitutions give back what they take
## timeout: 300
resident() {
  while read -r key value unit; do
    [[ $key == VmRSS: ]] && kilobytes=$value
  done < /proc/self/status
}
f() {
  local -a list=("$@" x y z)
  local text="${list[*]}"
  REPLY=${text//x/xx}
}
work() {
  for ((i = 0; i < $1; i++)); do
    f $i a b
    [[ $REPLY =~ ^([0-9]+)\ a ]]
    printf -v line '%s-%d' "$REPLY" "$i"
    (( i % 100 )) || line=$(echo "$line")
  done
}
work 2000
resident
before=$kilobytes
work 50000
resident
echo $((kilobytes - before < 1024))
#> 1
