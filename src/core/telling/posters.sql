-- Who came through posters from day $1 to day $2.
select oba.poster_report ($1::date, $2::date)
