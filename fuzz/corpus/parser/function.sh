f() { x=1 y+=(2 [3]=4 [k]+="v") z[5]=6 g; }; function h { coproc N { i; }; } >j; time -p ! k
