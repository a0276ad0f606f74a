cat <<A <<-'B' <<<c
$x `y` ${z
A
	q
	B
