select coalesce (oba.segment_size ($1), 0)
