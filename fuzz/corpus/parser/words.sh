echo a'b'"c $x ${y:-z} `d`"\e $'\n\x41' $"f" {a,b{1..3}} ~/x
