declare a=(1 2) b=~:~ ; diff <(c) >(d); w x); done; a b
n c
