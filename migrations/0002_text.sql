-- Names: how they are searched and how they are sorted.

set local role oba_owner;
set local search_path = oba, pg_catalog;

/*
 * oba.fold(): the search form of a name. oba_text_fold() in src/core/base/oba-text.c gives the same; tests/core/fold-cases.tsv
 * holds both to it. It brings together the spellings under which one person is known: Əliyeva, Aliyeva, Eliyeva, ALIYEVA,
 * Алиева and Әлијева are all "elieve"; Hüseynov and Гусейнов "guseynov"; İlham and Ильхам "ilgem"; Məmmədov and Мамедов "memedov".
 *
 *  1. ASCII A-Z to lower case; then, if anything but ASCII is left, Unicode NFC and one by one
 *       Azerbaijani    ə e   ğ g   ş s   ç c   ö o   ü u   ı i   İ i          (capitals likewise)
 *       other Latin    the letter without its mark (á a, ñ n, ž z, ł l, ø o, đ d); æ ae, œ oe, ß ss
 *       Cyrillic       а a  б b  в v  г g  д d  е e  ё e  ж j  з z  и i  й y  к k  л l  м m  н n  о o  п p  р r  с s  т t  у u  ф f
 *                      х x  ц ts  ч c  ш s  щ s  ъ -  ы i  ь -  э e  ю yu  я ya  і i  ә e  ғ g  ҝ g  ҹ c  ө o  ү u  һ h  ј y
 *     combining marks that are left go; a letter of any other script stays as it is.
 *  2. Apostrophes (' ` ´ ‘ ’ ʻ ʼ) go; every other ASCII character but letter and digit, and « » “ ” „ – — ‑ … • · № and the
 *     no-break space, becomes a space; runs of spaces become one, none at the ends.
 *  3. Spellings of one sound, in this order, each everywhere:
 *       dzh c   dj c   sh s   ch c   zh c   kh g   gh g   j c   q g   h g   x g   w v   yy y   iy i   ye e
 *     then y after a consonant (bcdfgklmnprstvz) goes.
 *  4. a e: Russian and English write Ali for Əli, and no rule by letter knows which a is an ə.
 *  5. A letter a-z that stands twice or more stands once. Digits stay.
 */
create function oba.fold (name text) returns text
language plpgsql immutable strict parallel safe   -- no pinned search_path: it costs more than the function, and all it calls is in pg_catalog
as $$
declare
  t text := lower (translate (name, 'ƏəĞğŞşÇçÖöÜüİı', 'eeggssccoouuii') collate "C");
begin
  if octet_length (t) <> length (t) then
    t := translate (normalize (t, nfc),
      'ƏəǝƎĞğŞşÇçÖöÜüİıÀÁÂÃÄÅĀĂĄàáâãäåāăąĆĈĊČćĉċčĎĐďđÈÉÊËĒĔĖĘĚèéêëēĕėęěĜĠĢĝġģĤĦĥħ' ||
      'ÌÍÎÏĨĪĬĮìíîïĩīĭįĴĵĶķĹĻĽŁĺļľłÑŃŅŇñńņňÒÓÔÕŌŎŐØòóôõōŏőøŔŖŘŕŗřŚŜŠȘśŝšșŢŤȚţťț' ||
      'ÙÚÛŨŪŬŮŰŲùúûũūŭůűųŴŵÝŸŶýÿŷŹŻŽźżžАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЧШЩЫЭІӘҒҜҸӨҮҺЈ' ||
      'абвгдеёжзийклмнопрстуфхчшщыэіәғҝҹөүһј«»“”„–—‑…•·№' || chr (160) || '‘’ʻʼ´ЪЬъь',
      'eeeeggssccoouuiiaaaaaaaaaaaaaaaaaaccccccccddddeeeeeeeeeeeeeeeeeegggggghhhh' ||
      'iiiiiiiiiiiiiiiijjkkllllllllnnnnnnnnoooooooooooooooorrrrrrsssssssstttttt' ||
      'uuuuuuuuuuuuuuuuuuwwyyyyyyzzzzzzabvgdeejziyklmnoprstufxcssieieggcouhy' ||
      'abvgdeejziyklmnoprstufxcssieieggcouhy            ' || ' ');
    if octet_length (t) <> length (t) then
      t := replace (replace (replace (t, 'я', 'ya'), 'Я', 'ya'), 'ю', 'yu');
      t := replace (replace (replace (t, 'Ю', 'yu'), 'ц', 'ts'), 'Ц', 'ts');
      t := replace (replace (replace (t, 'æ', 'ae'), 'Æ', 'ae'), 'ß', 'ss');
      t := replace (replace (t, 'œ', 'oe'), 'Œ', 'oe');
      t := regexp_replace (t, '[\u0300-\u036f]', '', 'g');
    end if;
  end if;
  if t ~ '[^a-z0-9 ]' then
    t := regexp_replace (translate (t, '''`', ''), '[\u0001-\u002f\u003a-\u0060\u007b-\u007f]', ' ', 'g');
  end if;
  t := btrim (t, ' ');
  if position ('  ' in t) > 0 then
    t := regexp_replace (t, ' +', ' ', 'g');
  end if;
  if t ~ '[hj]' then
    t := replace (replace (replace (replace (t, 'dzh', 'c'), 'dj', 'c'), 'sh', 's'), 'ch', 'c');
    t := replace (replace (replace (replace (t, 'zh', 'c'), 'kh', 'g'), 'gh', 'g'), 'j', 'c');
  end if;
  t := translate (t, 'qhxw', 'gggv');
  if position ('y' in t) > 0 then
    t := replace (replace (replace (t, 'yy', 'y'), 'iy', 'i'), 'ye', 'e');
    t := regexp_replace (t, '([bcdfgklmnprstvz])y', '\1', 'g');
  end if;
  return regexp_replace (translate (t, 'a', 'e'), '([a-z])\1+', '\1', 'g');
end $$;

/*
 * oba.sort_key(): compares byte by byte in the order of the Azerbaijani alphabet (a b c ç d e ə f g ğ h x ı i j k q l m n o ö p
 * r s ş t u ü v w y z), whatever the collations of the server: '{' and '|' stand after every letter. Cyrillic comes after Latin.
 */
create function oba.sort_key (name text) returns text
language plpgsql immutable strict parallel safe
as $$
declare
  t text := lower (translate (name, 'ƏĞŞÇÖÜİIАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ', 'əğşçöüiıабвгдеёжзийклмнопрстуфхцчшщъыьэюя') collate "C");
begin
  t := replace (replace (replace (replace (replace (t, 'x', 'h{'), 'q', 'k{'), 'ı', 'h|'), 'ə', 'e{'), 'ğ', 'g{');
  return replace (replace (replace (replace (t, 'ş', 's{'), 'ç', 'c{'), 'ö', 'o{'), 'ü', 'u{') collate "C";
end $$;

-- What the search field looks through: folded names, the digits of the phone, the e-mail address.
create function oba.search_text (family text, given text, patronymic text, phone text, email text) returns text
language sql immutable parallel safe
return oba.fold (family || ' ' || given || ' ' || patronymic) || ' ' || coalesce (translate (phone, '+', ''), '')
       || ' ' || coalesce (lower (email), '');

create function oba.customers_keep_search () returns trigger
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' or (new.family_name, new.given_name, new.patronymic, new.phone, new.email)
                         is distinct from (old.family_name, old.given_name, old.patronymic, old.phone, old.email) then
    new.sort_name := oba.sort_key (concat_ws (' ', nullif (new.family_name, ''), nullif (new.given_name, ''), nullif (new.patronymic, '')));
    new.search_text := oba.search_text (new.family_name, new.given_name, new.patronymic, new.phone, new.email);
  end if;
  return new;
end $$;

create trigger customers_keep_search before insert or update on oba.customers
  for each row when (new.kind = 'person') execute function oba.customers_keep_search ();

reset role;
