# SPDX-License-Identifier: Apache-2.0
# background.sh ROUNDS: that many process substitutions, commands in the background and traps lose
# nothing and leave no process, task or descriptor. SWEBASH_SOAK says how many times as many.

rounds=$(($1 * ${SWEBASH_SOAK:-1}))
caught=0 read=0 ended=0
trap 'caught=$((caught + 1))' USR1

stock() {
  set -- /proc/$$/fd/*
  descriptors=$#
  set -- $(cat /proc/$$/task/*/children)
  children=$#
}

work() {
  local i x
  for ((i = 0; i < $1; i++)); do
    read -r x < <(echo $i) && ((x == i)) && read=$((read + 1))
    (kill -USR1 $$) &
    wait $!
    # The trap ended that wait: once it has run, or before it does.
    wait $!
    { exit 3; } &
    wait $!
    (($? == 3)) && ended=$((ended + 1))
    ((i % 100)) || { echo $i; : & } | cat > /dev/null
  done
}

work 100
wait
stock
was=($descriptors $children)
caught=0 read=0 ended=0
work "$rounds"
wait
stock
echo "read $read, caught $caught, ended $ended, of $rounds"
echo "descriptors ${was[0]} $descriptors, children ${was[1]} $children"
((read == rounds && caught == rounds && ended == rounds)) &&
  ((descriptors == was[0] && children <= was[1] + 1))
