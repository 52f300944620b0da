select c from oba.known_cities () c
