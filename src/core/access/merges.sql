-- Records that were found to be one person: when, on whose request, and the values that gave way.
select x from oba.merges_of ($1) x
