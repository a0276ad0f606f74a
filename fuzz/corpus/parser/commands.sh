if a; then b; elif c; then d; else e; fi | while f; do g; done && until h; do i; done & for j in k; { l; }
