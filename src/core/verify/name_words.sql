-- What is searched is what is stored: every person's folded name, phone and e-mail address, and for typing errors every word of a name and no other.
select format ('customer %s is searched as "%s"', c.customer_id, c.search_text)
from oba.customers c
where c.search_text <> case when c.kind = 'person' and c.status <> 'erased' then oba.search_text (c.family_name, c.given_name, c.patronymic, c.phone, c.email) else '' end
union all
select format ('%s is %s', coalesce (k.word, w.word), case when k.word is null then 'a word of a name and not known' else 'known and no word of any name' end)
from oba.name_words k
full join (select distinct x collate "C" as word from oba.customers c cross join lateral oba.words_of (c.search_text) x where c.kind = 'person') w on w.word = k.word
where k.word is null or w.word is null
