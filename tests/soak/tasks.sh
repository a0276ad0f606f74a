# SPDX-License-Identifier: Apache-2.0
# tasks.sh PIPELINES TASKS: that many pipelines and background tasks leave the shell with the
# descriptors, threads, children and memory it had before (counted from /proc). SWEBASH_SOAK says
# how many times as many.

pipelines=$(($1 * ${SWEBASH_SOAK:-1})) tasks=$(($2 * ${SWEBASH_SOAK:-1}))

work() {
  local i x p=$1 t=$2
  for ((i = 0; i < p; i++)); do
    echo "word $i" | read -r x
    ((i % 10)) || { echo a; echo b; } | while read -r x; do :; done
    ((i % 50)) || x=$(echo "$i" | cat | cat)
    ((i % 500)) || /bin/echo "$i" | /bin/cat | while read -r x; do :; done
  done
  for ((i = 0; i < t; i++)); do
    case $((i % 4)) in
      0) : & ;;
      1) (x=$i; exit 3) & ;;
      2) echo "$i" > /dev/null & ;;
      3) { echo "$i" | read -r x; } & ;;
    esac
    ((i % 100 == 99)) && wait
  done
  wait
}

# Sets descriptors, threads, children and kilobytes, once nothing changes any more.
take_stock() {
  local before=none now key value unit
  while :; do
    sleep 0.5
    set -- /proc/$$/fd/*
    descriptors=$#
    while read -r key value unit; do
      case $key in
        VmRSS:) kilobytes=$value ;;
        Threads:) threads=$value ;;
      esac
    done < /proc/$$/status
    set -- $(cat /proc/$$/task/*/children)
    children=$#
    now="$descriptors $threads $children"
    [[ $now == "$before" ]] && return
    before=$now
  done
}

work 2000 1000
# What the shell makes the first time it waits for a program and a task at once, and keeps; and as
# many threads as it keeps.
/bin/sleep 0.3 | { sleep 0.2; :; } | { sleep 0.2; :; } | { sleep 0.2; :; } | { sleep 0.2; :; } | { sleep 0.2; :; }
take_stock
was=($descriptors $threads $children $kilobytes)
work "$pipelines" "$tasks"
take_stock
echo "descriptors ${was[0]} $descriptors"
echo "threads ${was[1]} $threads"
echo "children ${was[2]} $children"
echo "kilobytes ${was[3]} $kilobytes"
# Recycled instances come and go within their bounds.
((descriptors <= was[0])) || ls -l /proc/$$/fd
((descriptors == was[0] && threads == was[1] && children == was[2] && kilobytes <= was[3] + 4096))
