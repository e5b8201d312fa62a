module sorobanpipes

go 1.24
