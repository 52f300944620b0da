-- $1 customers, quickly: the names are folded once a name and not once a person, and the triggers that do one row's work stay out of it.
with given as (
  select * from unnest (array['Əli', 'Aysel', 'Leyla', 'Murad', 'Nigar', 'Elçin', 'Günel', 'Rəşad', 'Şəbnəm', 'İlqar', 'Cavid', 'Ülviyyə', 'Tural', 'Sevinc',
                              'Kamran', 'Aynur', 'Orxan', 'Lalə', 'Vüsal', 'Zəhra', 'Fərid', 'Könül', 'Emin', 'Arzu', 'Samir', 'Nərmin', 'Ramin', 'Günay',
                              'Anar', 'Fidan', 'Elnur']) with ordinality g (given, g)
), family as (
  select root || ending as family, row_number() over () as f
    from unnest (array['Məmməd', 'Həsən', 'Quli', 'İsmayıl', 'Əli', 'Şirin', 'Baba', 'Hüseyn', 'Cəfər', 'Rəsul', 'Kərim', 'Abdulla', 'Mustafa', 'Nəsir', 'Səfər',
                         'Vəli', 'Yusif', 'Zeynal', 'Orucəli', 'Əhməd', 'Bayram', 'Cabbar', 'Dadaş', 'Eyvaz', 'Fərhad', 'Qasım', 'Heydər', 'İbrahim', 'Musa']) root,
         unnest (array['ov', 'ova', 'yev', 'yeva', 'zadə', 'lı', 'bəyli']) ending
), person as materialized (
  select given, family, oba.sort_key (family || ' ' || given) as sort_name, oba.fold (family || ' ' || given) as folded,
         row_number() over (order by md5 (family || given)) - 1 as p
    from given, family
)
insert into oba.customers (given_name, family_name, phone, city, email, registered_at, registered_through, sort_name, search_text)
select given, family, '+99450' || lpad (i::text, 7, '0'),
       (array['Bakı', 'Gəncə', 'Sumqayıt', 'Mingəçevir', 'Şəki', 'Lənkəran', 'Naxçıvan', 'Quba', 'Şirvan', 'Yevlax'])[1 + (i * 31 % 97) % 10],
       case when i % 5 = 0 then 'person' || i || '@mail.example' end, timestamptz '2021-01-01' + i * 7 % 3000000 * interval '1 minute', 'import',
       sort_name, folded || ' 99450' || lpad (i::text, 7, '0') || ' ' || case when i % 5 = 0 then 'person' || i || '@mail.example' else '' end
  from generate_series (1, $1::bigint) i join person on p = i * 7919 % (select count(*) from person)
