select oba.find_duplicates ()
