-- What a customer may prefer, in the language of the interface.
select g.category_id, case $1::text when 'az' then g.name_az when 'ru' then coalesce (nullif (g.name_ru, ''), g.name_az)
                      else coalesce (nullif (g.name_en, ''), g.name_az) end as name
from oba.categories g order by g.position, g.category_id
