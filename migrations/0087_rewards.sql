-- The rewards catalogue: who may have what, when and how often; what is in stock, in all or in each store; who changes it.
--
-- Marketing writes drafts and, of what is live, texts and picture. What costs money or points (cost, value, stock, conditions, whether it is live) a supervisor or an
-- administrator says: so whoever thinks of an offer is not the one that lets it cost something.
--
-- Stock is what can still be promised: what was received and counted less what customers have reserved or carried away. It is the sum of its movements, always.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- what is kept

alter table oba.rewards
  add column thumbnail      bytea check (length (thumbnail) <= 65536),             -- the picture, small, for lists
  add column stock_by_store boolean not null default false,                        -- reward_stock counts, and stock is null
  add column segment_id     bigint references oba.segments,                        -- only for those in it
  add column per_day        integer check (per_day > 0),                           -- pieces a customer, in a day of Baku
  add column per_month      integer check (per_month > 0),
  add column weekdays       smallint[] check (cardinality (weekdays) between 1 and 7 and weekdays <@ '{1,2,3,4,5,6,7}'::smallint[]),   -- 1 Monday; null: any
  add column from_minute    smallint check (from_minute between 0 and 1439),       -- of the day; from 22:00 to 02:00 belongs to the day it begins on
  add column to_minute      smallint check (to_minute between 1 and 1440),         -- that minute no more
  add column voucher_days   integer check (voucher_days between 1 and 3660),       -- how long what was redeemed can be fetched; null: as every voucher
  add column updated_at     timestamptz not null default now(),
  add column updated_by     text not null default session_user,
  add check (valid_from <= valid_to),
  add check ((from_minute is null) = (to_minute is null) and from_minute <> to_minute),
  add check (not stock_by_store or stock is null);
alter table oba.rewards alter column picture set storage external, alter column thumbnail set storage external;   -- JPEG does not shrink any more
create index redemptions_by_reward on oba.redemptions (reward_id, state) include (store_id, quantity);

create table oba.reward_stock (
  reward_id     bigint not null references oba.rewards,
  store_id      bigint not null references oba.stores,
  stock         bigint not null check (stock >= 0),
  primary key (reward_id, store_id)
);

-- Append-only.
create table oba.stock_movements (
  reward_id     bigint not null references oba.rewards,
  movement_id   bigint generated always as identity,
  store_id      bigint references oba.stores,                                      -- null: the one stock for all stores
  kind          text not null check (kind in ('receipt', 'count', 'reserve', 'release')),
  quantity      bigint not null,                                                   -- what it adds to what can be promised
  counted       bigint check (counted >= 0),                                       -- of a count: the pieces that were found, reserved ones among them
  reason        text check (length (reason) <= 500),
  at            timestamptz not null default now(),
  by_whom       text not null default session_user,
  primary key (reward_id, movement_id)
);
create index stock_movements_store on oba.stock_movements (store_id, reward_id) where store_id is not null;

create trigger append_only before update or delete on oba.stock_movements for each row execute function oba.refuse_change ();
create trigger append_only_all before truncate on oba.stock_movements for each statement execute function oba.refuse_change ();

-- A reward that is made with a stock has received it.
create function oba.reward_opening_stock () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  insert into oba.stock_movements (reward_id, kind, quantity, at) values (new.reward_id, 'receipt', new.stock, new.created_at);
  return null;
end $$;
create trigger opening_stock after insert on oba.rewards for each row when (new.stock > 0) execute function oba.reward_opening_stock ();
insert into oba.stock_movements (reward_id, kind, quantity, at) select w.reward_id, 'receipt', w.stock, w.created_at from oba.rewards w where w.stock > 0;

-- As in 0003, without pictures and the stock, which has its movements.
create or replace function oba.changes (old_row jsonb, new_row jsonb) returns jsonb
language sql immutable parallel safe set search_path = pg_catalog
return (select coalesce (jsonb_object_agg (coalesce (o.key, n.key), jsonb_build_array (o.value, n.value)), '{}')
        from jsonb_each (old_row) o full join jsonb_each (new_row) n using (key)
        where o.value is distinct from n.value
          and key not in ('sort_name', 'search_text', 'updated_at', 'updated_by', 'version', 'last_seen_at', 'key_hash', 'token_hash', 'picture', 'thumbnail'));

-- A reservation is no edit.
drop trigger audit on oba.rewards;
create trigger audit after insert or delete or update of code, kind, name_az, name_ru, name_en, description_az, description_ru, description_en, cost, value, stock_by_store,
                           needs_approval, min_tier, segment_id, per_customer, per_day, per_month, weekdays, from_minute, to_minute, valid_from, valid_to, voucher_days, state
  on oba.rewards for each row execute function oba.audit_row ('reward', 'reward_id');

-- ---------------------------------------------------------------- may a customer have it

create function oba.in_schedule (weekdays smallint[], from_minute smallint, to_minute smallint, at timestamptz) returns boolean
language plpgsql stable
as $$
declare
  here timestamp := at at time zone 'Asia/Baku';
  day integer := extract (isodow from here);
  minute integer := extract (hour from here) * 60 + extract (minute from here);
begin
  if from_minute is null or from_minute < to_minute then
    return coalesce (day = any (weekdays), true) and coalesce (minute >= from_minute and minute < to_minute, true);
  end if;
  return (minute >= from_minute and coalesce (day = any (weekdays), true))
      or (minute < to_minute and coalesce ((case day when 1 then 7 else day - 1 end) = any (weekdays), true));
end $$;

/*
 * Why this customer cannot have so many of a reward at this moment; null: may. 'retired' (or not live yet), 'dates', 'schedule', 'locked' (the customer is blocked, or locked
 * spending), 'tier', 'segment', 'limit', 'store' (none was named, and the stock is each store's), 'stock', 'points'. The points are those of the account as it stands;
 * whoever spends them holds it and looks again.
 */
create function oba.reward_block (customer bigint, reward oba.rewards, store bigint, quantity integer, at timestamptz) returns text
language plpgsql stable
as $$
declare
  who bigint := oba.customer_root (customer);
  today date := oba.business_day (at);
  a oba.points_accounts;
  g oba.segments;
  status text;
  ever bigint;
  of_month bigint;
  of_day bigint;
begin
  if reward.state <> 'live' then
    return 'retired';
  elsif today < reward.valid_from or today > reward.valid_to then
    return 'dates';
  elsif (reward.weekdays is not null or reward.from_minute is not null) and not oba.in_schedule (reward.weekdays, reward.from_minute, reward.to_minute, at) then
    return 'schedule';
  end if;
  select * into a from oba.points_accounts p where p.customer_id = who;
  select c.status into status from oba.customers c where c.customer_id = who and c.kind = 'person';
  if a.customer_id is null or status is distinct from 'active' or a.spending_locked_at is not null then
    return 'locked';
  elsif a.tier_id < reward.min_tier then
    return 'tier';
  elsif reward.segment_id is not null then
    select * into g from oba.segments s where s.segment_id = reward.segment_id;
    if not (case g.kind when 'rule' then oba.customer_fits (who, g.filter)
                        else exists (select from oba.segment_members m where m.customer_id = who and m.segment_id = g.segment_id) end) then
      return 'segment';
    end if;
  end if;
  if reward.per_customer is not null or reward.per_month is not null or reward.per_day is not null then
    select coalesce (sum (r.quantity), 0), coalesce (sum (r.quantity) filter (where r.requested_at >= oba.day_start (date_trunc ('month', today)::date)), 0),
           coalesce (sum (r.quantity) filter (where r.requested_at >= oba.day_start (today)), 0)
    into ever, of_month, of_day
    from oba.redemptions r
    where r.customer_id = any (array (select oba.customer_family (who))) and r.reward_id = reward.reward_id and r.restore_id is null and r.requested_at <= at;
    if ever + quantity > reward.per_customer or of_month + quantity > reward.per_month or of_day + quantity > reward.per_day then
      return 'limit';
    end if;
  end if;
  if reward.stock_by_store then
    if store is null then
      return 'store';
    elsif coalesce ((select s.stock from oba.reward_stock s where s.reward_id = reward.reward_id and s.store_id = store), 0) < quantity then
      return 'stock';
    end if;
  elsif reward.stock < quantity then
    return 'stock';
  end if;
  return case when a.balance < reward.cost * quantity then 'points' end;
end $$;

/*
 * What is on offer for a customer, for the bot and for whoever serves them: first what they can have, the cheapest first, then what they lack points for, then the rest.
 * @lang: "az", "ru" or "en"; where a text has none, it is Azerbaijani's, and language says so. @store: for stock that is each store's; null: wherever there is some.
 */
create function oba.customer_rewards (customer bigint, lang text, store bigint default null, at timestamptz default now())
  returns table (reward_id bigint, code text, kind text, name text, description text, language text, cost bigint, value bigint, has_picture boolean, stock bigint,
                 needs_approval boolean, block text, missing bigint, valid_to date, tier text)
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
declare
  points bigint := (select p.balance from oba.points_accounts p where p.customer_id = oba.customer_root (customer));
begin
  return query
  select o.reward_id, o.code, o.kind, o.name, o.description, o.language, o.cost, o.value, o.has_picture, o.stock, o.needs_approval, o.block,
         case when o.block = 'points' then o.cost - points end, o.valid_to, o.tier
    from (select w.reward_id, w.code, w.kind, x.name, x.description, x.language, w.cost, w.value, w.picture is not null as has_picture, x.stock, w.needs_approval,
                 case b.block when 'store' then case when x.stock = 0 then 'stock' when points < w.cost then 'points' end else b.block end as block, w.valid_to,
                 case lang when 'ru' then t.name_ru when 'en' then t.name_en else t.name_az end as tier
            from oba.rewards w
            left join oba.tiers t on t.tier_id = w.min_tier
            cross join lateral oba.reward_block (customer, w, store, 1, at) b (block)
            cross join lateral (select case when w.stock_by_store then coalesce ((select sum (s.stock)::bigint from oba.reward_stock s
                                                                                  where s.reward_id = w.reward_id and (store is null or s.store_id = store)), 0) else w.stock end as stock,
                                       l.* from oba.reward_texts (w, lang) l) x
           where w.state = 'live') o
   order by case when o.block is null then 0 when o.block = 'points' then 1 else 2 end, o.cost, o.reward_id;
end $$;

-- The texts of a reward in a language: one without a name there is told in Azerbaijani as a whole, so that a message never mixes two.
create function oba.reward_texts (w oba.rewards, lang text, out name text, out description text, out language text)
language sql immutable
begin atomic
  select case l.language when 'ru' then w.name_ru when 'en' then w.name_en else w.name_az end,
         case l.language when 'ru' then w.description_ru when 'en' then w.description_en else w.description_az end, l.language
  from (select case when (lang = 'ru' and w.name_ru <> '') or (lang = 'en' and w.name_en <> '') then lang else 'az' end as language) l;
end;

-- ---------------------------------------------------------------- stock: reserving

-- Reserves so many, or refuses: of a hundred who want the last one, one gets it. Unlimited stock has no movements. The caller holds the account.
create function oba.reserve_stock (reward bigint, store bigint, quantity integer) returns void
language plpgsql
as $$
declare
  by_store boolean;
  limited boolean;
begin
  update oba.rewards w set stock = w.stock - quantity where w.reward_id = reward and w.stock >= quantity and not w.stock_by_store;
  if found then
    insert into oba.stock_movements (reward_id, kind, quantity) values (reward, 'reserve', - quantity);
    return;
  end if;
  -- Shared, so that nobody changes whose the stock is meanwhile.
  select w.stock_by_store, w.stock is not null into by_store, limited from oba.rewards w where w.reward_id = reward for share;
  if by_store then
    if store is null then
      perform oba.refuse ('OB012', 'Each store has its own stock of this reward.', 'Say in which store it is fetched.');
    end if;
    update oba.reward_stock s set stock = s.stock - quantity where s.reward_id = reward and s.store_id = store and s.stock >= quantity;
    if not found then
      perform oba.refuse ('OB012', 'This reward is out of stock.', 'Choose another.');
    end if;
    insert into oba.stock_movements (reward_id, store_id, kind, quantity) values (reward, store, 'reserve', - quantity);
  elsif limited then
    perform oba.refuse ('OB012', 'This reward is out of stock.', 'Choose another.');
  end if;
end $$;

-- Gives back what a redemption had reserved, to the stock as it is counted today.
create function oba.release_stock (reward bigint, store bigint, quantity integer) returns void
language plpgsql
as $$
declare
  by_store boolean;
begin
  update oba.rewards w set stock = w.stock + quantity where w.reward_id = reward and w.stock is not null and not w.stock_by_store;
  if found then
    insert into oba.stock_movements (reward_id, kind, quantity) values (reward, 'release', quantity);
    return;
  end if;
  select w.stock_by_store into by_store from oba.rewards w where w.reward_id = reward for share;
  if by_store and store is not null then
    insert into oba.reward_stock as s (reward_id, store_id, stock) values (reward, store, quantity)
    on conflict (reward_id, store_id) do update set stock = s.stock + excluded.stock;
    insert into oba.stock_movements (reward_id, store_id, kind, quantity) values (reward, store, 'release', quantity);
  end if;
end $$;

-- Redeeming goes through these from now on.
create function oba.patch_function (name text, old_text text, new_text text) returns void
language plpgsql
as $$
declare
  source text := pg_get_functiondef (name::regproc);
begin
  if length (source) - length (replace (source, old_text, '')) <> length (old_text) then
    raise exception 'The text to change is not in % once: %', name, old_text;
  end if;
  execute replace (source, old_text, new_text);
end $$;
select oba.patch_function ('oba.do_redeem_points', '    if w.stock is not null then
      update oba.rewards r set stock = r.stock - n where r.reward_id = w.reward_id and r.stock >= n;
      if not found then
        perform oba.refuse (''OB012'', ''This reward is out of stock.'', ''Choose another.'');
      end if;
    end if;
', '    perform oba.reserve_stock (w.reward_id, (request ->> ''store_id'')::bigint, n);
');
select oba.patch_function ('oba.do_move_redemption', '    update oba.rewards w set stock = w.stock + r.quantity where w.reward_id = r.reward_id and w.stock is not null;
', '    if r.reward_id is not null then
      perform oba.release_stock (r.reward_id, r.store_id, r.quantity);
    end if;
');
drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- writing

-- Whoever says what the chain's rewards cost: a supervisor or an administrator of head office.
create function oba.decides_rewards () returns boolean
language sql stable
return pg_has_role (session_user, 'oba_supervisor', 'member') or pg_has_role (session_user, 'oba_admin', 'member');

create function oba.check_reward_scope () returns void
language plpgsql stable
as $$
begin
  if exists (select from oba.staff s where s.login = session_user and s.store_id is not null) then
    perform oba.refuse ('OB006', 'Rewards are the whole chain''s, and you work for one store.', 'Ask a colleague at head office.');
  end if;
end $$;

-- A text of a reward: no invisible control characters; only a description has lines.
create function oba.reward_text (t text, most integer, lines boolean) returns text
language plpgsql immutable
as $$
declare
  clean text := btrim (normalize (replace (coalesce (t, ''), e'\r\n', e'\n'), nfc), e' \n\t');
begin
  if length (clean) > most then
    perform oba.refuse ('OB001', format ('A name of a reward has up to 200 characters, a description 2,000; this one has %s.', length (clean)));
  elsif (case when lines then replace (clean, e'\n', ' ') else clean end) ~ '[\u0001-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]' then
    perform oba.refuse ('OB001', 'A text holds an invisible control character.', 'Type it anew instead of pasting it.');
  end if;
  return clean;
end $$;

create function oba.reward_picture (encoded text, most integer) returns bytea
language plpgsql immutable
as $$
declare
  data bytea := decode (encoded, 'base64');
begin
  if length (data) > most or not (substr (data, 1, 3) = '\xffd8ff' or substr (data, 1, 8) = '\x89504e470d0a1a0a') then
    perform oba.refuse ('OB001', 'A picture is a JPEG or PNG of at most 1 MiB.');
  end if;
  return data;
end $$;

/*
 * Whose the stock is changes: what there was in one place is counted as nothing there. From each store's to one for all, that one begins with their sum.
 */
create function oba.turn_stock (w oba.rewards) returns bigint
language plpgsql
as $$
declare
  total bigint;
begin
  if not w.stock_by_store then
    if w.stock > 0 then
      insert into oba.stock_movements (reward_id, kind, quantity, counted, reason) values (w.reward_id, 'count', - w.stock, 0, 'stock by store');
    end if;
    return null;
  end if;
  with taken as (
    update oba.reward_stock s set stock = 0 from (select k.store_id, k.stock from oba.reward_stock k where k.reward_id = w.reward_id and k.stock > 0 order by 1 for update) k
    where s.reward_id = w.reward_id and s.store_id = k.store_id returning k.store_id, k.stock
  ), noted as (
    insert into oba.stock_movements (reward_id, store_id, kind, quantity, counted, reason) select w.reward_id, t.store_id, 'count', - t.stock, 0, 'one stock' from taken t
  )
  select coalesce (sum (t.stock), 0) into total from taken t;
  if total > 0 then
    insert into oba.stock_movements (reward_id, kind, quantity, reason) values (w.reward_id, 'receipt', total, 'one stock');
  end if;
  return total;
end $$;

/*
 * {"code", "kind", "name_az", "name_ru", "name_en", "description_az", …, "cost", "value", "picture", "thumbnail": base64 or null, "stock_by_store", "needs_approval", "min_tier",
 *  "segment_id", "per_customer", "per_day", "per_month", "weekdays": [1 Monday … 7], "from_minute", "to_minute", "valid_from", "valid_to", "voucher_days", "state": "draft"|"live"}
 * makes a draft, or a live one; with "reward_id" and the "version" that was read it changes what is given. A retired one that is saved as live is on offer again.
 * -> {"reward_id", "version", "state"}
 */
create function oba.do_save_reward (request jsonb) returns jsonb
language plpgsql
as $$
declare
  old_one oba.rewards;
  w oba.rewards;
  before jsonb;
  after jsonb;
  fields constant text[] := '{code,kind,cost,value,stock_by_store,needs_approval,min_tier,segment_id,per_customer,per_day,per_month,weekdays,from_minute,to_minute,valid_from,valid_to,voucher_days,state}';
  f text;
begin
  perform oba.check_reward_scope ();
  if request ? 'reward_id' then
    select * into old_one from oba.rewards r where r.reward_id = (request ->> 'reward_id')::bigint for no key update;
    if not found then
      perform oba.refuse ('OB002', 'There is no such reward.');
    end if;
    perform oba.refuse_version (request ->> 'version', old_one.version);
  else
    old_one.state := 'draft';
    old_one.needs_approval := false;
    old_one.stock_by_store := false;
    old_one.version := 0;
    old_one.created_at := now();
    old_one.created_by := session_user;
  end if;
  w := old_one;
  w.picture := null;
  before := to_jsonb (w);
  foreach f in array array['name_az', 'name_ru', 'name_en', 'description_az', 'description_ru', 'description_en'] loop
    request := jsonb_set (request, array[f], to_jsonb (oba.reward_text (coalesce (request ->> f, before ->> f), case when f like 'name%' then 200 else 2000 end, f like 'desc%')));
  end loop;
  w := jsonb_populate_record (old_one, request - '{reward_id,version,picture,thumbnail,stock,created_at,created_by,updated_at,updated_by}'::text[]);
  if request ? 'picture' then
    w.picture := oba.reward_picture (request ->> 'picture', 1048576);
    w.thumbnail := oba.reward_picture (request ->> 'thumbnail', 65536);
  end if;
  w.code := upper (btrim (normalize (w.code, nfc)));
  w.weekdays := case when cardinality (w.weekdays) between 1 and 6 then array (select distinct d from unnest (w.weekdays) d order by 1) end;

  if coalesce (w.code, '') !~ '^[[:alnum:]][[:alnum:]_.-]{0,39}$' then
    perform oba.refuse ('OB001', 'The code of a reward has 1 to 40 letters, digits, dots, hyphens and underscores.');
  elsif w.name_az = '' then
    perform oba.refuse ('OB001', 'A reward needs a name in Azerbaijani.');
  elsif coalesce (w.cost, 0) not between 1 and 10000000 or w.value not between 0 and 100000000 then
    perform oba.refuse ('OB001', 'A reward costs 1 to 10,000,000 points; its value is up to 1,000,000 AZN.');
  elsif w.valid_from > w.valid_to then
    perform oba.refuse ('OB001', 'The last day of a reward is not before its first.');
  elsif w.state = 'retired' and old_one.state <> 'retired' then
    perform oba.refuse ('OB013', 'A reward is retired in a step of its own.');
  elsif w.state = 'draft' and old_one.state <> 'draft' then
    perform oba.refuse ('OB013', 'What was live does not become a draft again.', 'Retire it, or make a copy.');
  elsif w.state = 'live' and w.kind = 'voucher' and coalesce (w.value, 0) = 0 then
    perform oba.refuse ('OB001', 'A voucher that is live has a value.');
  elsif exists (select from oba.rewards r where upper (r.code) = w.code and r.reward_id is distinct from w.reward_id) then
    perform oba.refuse ('OB004', format ('There is a reward "%s" already.', w.code), 'Choose another code.');
  elsif w.segment_id is not null and w.segment_id is distinct from old_one.segment_id
        and not exists (select from oba.segments s where s.segment_id = w.segment_id and s.archived_at is null) then
    perform oba.refuse ('OB002', format ('There is no segment %s.', w.segment_id));
  elsif not oba.decides_rewards () and (old_one.state <> 'draft' or w.state <> 'draft') then
    after := to_jsonb (w);
    foreach f in array fields loop
      if after -> f is distinct from before -> f then
        perform oba.refuse ('OB006', 'Of a reward that is live, you change its texts and its picture.', 'A supervisor changes what it costs and who may have it, and puts it live.');
      end if;
    end loop;
  end if;

  if w.reward_id is null then
    w.reward_id := nextval (pg_get_serial_sequence ('oba.rewards', 'reward_id'));
  elsif w.stock_by_store <> old_one.stock_by_store then
    w.stock := oba.turn_stock (old_one);
  end if;
  w.version := old_one.version + 1;
  w.updated_at := now();
  w.updated_by := session_user;
  if old_one.reward_id is null then
    insert into oba.rewards select w.*;
  else
    update oba.rewards r
    set (code, kind, name_az, name_ru, name_en, description_az, description_ru, description_en, cost, value, picture, thumbnail, stock, stock_by_store, needs_approval, min_tier, segment_id,
         per_customer, per_day, per_month, weekdays, from_minute, to_minute, valid_from, valid_to, voucher_days, state, version, updated_at, updated_by)
      = row (w.code, w.kind, w.name_az, w.name_ru, w.name_en, w.description_az, w.description_ru, w.description_en, w.cost, w.value, w.picture, w.thumbnail, w.stock, w.stock_by_store,
         w.needs_approval, w.min_tier, w.segment_id, w.per_customer, w.per_day, w.per_month, w.weekdays, w.from_minute, w.to_minute, w.valid_from, w.valid_to, w.voucher_days, w.state, w.version,
         w.updated_at, w.updated_by)
    where r.reward_id = w.reward_id;
  end if;
  if w.picture is distinct from old_one.picture then
    perform oba.audit_add ('reward.picture', 'reward', w.reward_id::text, null, jsonb_build_object ('picture_bytes', jsonb_build_array (length (old_one.picture), length (w.picture))), null);
  end if;
  perform pg_notify ('oba_rewards', w.reward_id::text);
  return jsonb_build_object ('reward_id', w.reward_id, 'version', w.version, 'state', w.state);
end $$;

/*
 * {"reward_id", "version", "reason"}: is offered no more. What is open stays: it can be handed out, or be cancelled one by one, which gives the points back.
 * -> {"reward_id", "version", "open": redemptions that are not handed out yet}
 */
create function oba.do_retire_reward (request jsonb) returns jsonb
language plpgsql
as $$
declare
  w oba.rewards;
begin
  perform oba.check_reward_scope ();
  select * into w from oba.rewards r where r.reward_id = (request ->> 'reward_id')::bigint for no key update;
  if not found then
    perform oba.refuse ('OB002', 'There is no such reward.');
  end if;
  perform oba.refuse_version (request ->> 'version', w.version);
  if w.state = 'retired' then
    perform oba.refuse ('OB013', 'This reward is retired already.');
  elsif length (coalesce (request ->> 'reason', '')) > 500 then
    perform oba.refuse ('OB001', 'A note has up to 500 characters, in one line.');
  end if;
  perform set_config ('oba.reason', coalesce (request ->> 'reason', ''), true);
  update oba.rewards r set state = 'retired', version = r.version + 1, updated_at = now(), updated_by = session_user where r.reward_id = w.reward_id;
  perform set_config ('oba.reason', '', true);
  perform pg_notify ('oba_rewards', w.reward_id::text);
  return jsonb_build_object ('reward_id', w.reward_id, 'version', w.version + 1,
                             'open', (select count (*) from oba.redemptions d where d.reward_id = w.reward_id and d.state in ('requested', 'approved')));
end $$;

/*
 * {"reward_id", "kind": "receipt"|"count"|"unlimited", "quantity": of the one stock, or "stores": [{"store", "quantity"}], "reason": of a count}. A receipt adds; a count says how many
 * are there, those among them that are reserved and not handed out yet; unlimited is for the one stock only. -> {"reward_id", "stock": in all, "changed": places}
 */
create function oba.do_change_stock (request jsonb) returns jsonb
language plpgsql
as $$
declare
  w oba.rewards;
  what text := request ->> 'kind';
  why text := nullif (btrim (request ->> 'reason'), '');
  wrong record;
  n bigint;
  scope bigint := (select s.store_id from oba.staff s where s.login = session_user);
begin
  select * into w from oba.rewards r where r.reward_id = (request ->> 'reward_id')::bigint for no key update;
  if not found then
    perform oba.refuse ('OB002', 'There is no such reward.');
  elsif not oba.decides_rewards () and w.state <> 'draft' then
    perform oba.refuse ('OB006', 'A supervisor changes the stock of a reward that is live.', 'Of a draft, you can do it yourself.');
  elsif coalesce (what, '') not in ('receipt', 'count', 'unlimited') then
    perform oba.refuse ('OB001', 'Stock is received, counted, or unlimited.');
  elsif length (why) > 500 or why ~ '[\u0001-\u001f]' then
    perform oba.refuse ('OB001', 'A note has up to 500 characters, in one line.');
  elsif what <> 'receipt' and why is null then
    perform oba.refuse ('OB001', 'A count needs a reason.', 'Say what was counted, and why it differs.');
  elsif w.stock_by_store and (what = 'unlimited' or jsonb_typeof (request -> 'stores') is distinct from 'array') then
    perform oba.refuse ('OB013', 'Each store has its own stock of this reward.', 'Say in which store it is fetched.');
  elsif not w.stock_by_store and request ? 'stores' then
    perform oba.refuse ('OB013', 'This reward has one stock for all stores.');
  elsif what = 'receipt' and not w.stock_by_store and w.stock is null then
    perform oba.refuse ('OB013', 'The stock of this reward is unlimited.', 'Count what there is first.');
  elsif scope is not null and not w.stock_by_store then
    perform oba.check_reward_scope ();
  end if;

  create temp table reward_wanted (store_id bigint primary key, quantity bigint not null, there bigint, reserved bigint) on commit drop;
  if w.stock_by_store then
    select x.store, count (*) as times into wrong from jsonb_to_recordset (request -> 'stores') x (store bigint, quantity bigint)
      group by 1 having count (*) > 1 or x.store is null or bool_or (x.quantity is null) limit 1;
    if found then
      perform oba.refuse ('OB001', format ('Store %s is named twice, or without a number.', coalesce (wrong.store::text, '')));
    end if;
    insert into pg_temp.reward_wanted (store_id, quantity) select x.store, x.quantity from jsonb_to_recordset (request -> 'stores') x (store bigint, quantity bigint);
    select v.store_id into wrong from pg_temp.reward_wanted v where not exists (select from oba.stores s where s.store_id = v.store_id) limit 1;
    if found then
      perform oba.refuse ('OB002', format ('There is no store %s.', wrong.store_id));
    end if;
    perform oba.check_scope (v.store_id) from pg_temp.reward_wanted v;
    insert into oba.reward_stock (reward_id, store_id, stock) select w.reward_id, v.store_id, 0 from pg_temp.reward_wanted v order by 2 on conflict do nothing;
    perform from oba.reward_stock s where s.reward_id = w.reward_id and s.store_id in (select v.store_id from pg_temp.reward_wanted v) order by s.store_id for update;
    update pg_temp.reward_wanted v set there = s.stock from oba.reward_stock s where s.reward_id = w.reward_id and s.store_id = v.store_id;
  elsif what <> 'unlimited' then
    insert into pg_temp.reward_wanted (store_id, quantity, there) values (0, (request ->> 'quantity')::bigint, coalesce (w.stock, 0));
  end if;
  update pg_temp.reward_wanted v
  set reserved = (select coalesce (sum (d.quantity), 0) from oba.redemptions d
                  where d.reward_id = w.reward_id and d.state in ('requested', 'approved') and (v.store_id = 0 or d.store_id = v.store_id));
  if exists (select from pg_temp.reward_wanted v where v.quantity not between case what when 'receipt' then 1 else 0 end and 10000000 or v.there + v.quantity > 100000000) then
    perform oba.refuse ('OB001', 'A stock is a number of pieces up to 10,000,000; what is received is at least 1.');
  end if;
  select v.store_id, v.quantity, v.reserved into wrong from pg_temp.reward_wanted v where what = 'count' and v.quantity < v.reserved order by 1 limit 1;
  if found then
    perform oba.refuse ('OB012', case when wrong.store_id = 0 then format ('%s were counted, but customers have reserved %s.', wrong.quantity, wrong.reserved)
                                      else format ('Store %s: %s were counted, but customers have reserved %s.', wrong.store_id, wrong.quantity, wrong.reserved) end,
                        'Cancel what cannot be handed out, then count again.');
  end if;

  insert into oba.stock_movements (reward_id, store_id, kind, quantity, counted, reason)
  select w.reward_id, nullif (v.store_id, 0), what, case what when 'receipt' then v.quantity else v.quantity - v.reserved - v.there end, case what when 'count' then v.quantity end, why
  from pg_temp.reward_wanted v order by v.store_id;
  get diagnostics n = row_count;
  if w.stock_by_store then
    update oba.reward_stock s set stock = case what when 'receipt' then v.there + v.quantity else v.quantity - v.reserved end
    from pg_temp.reward_wanted v where s.reward_id = w.reward_id and s.store_id = v.store_id;
    select coalesce (sum (s.stock), 0) into w.stock from oba.reward_stock s where s.reward_id = w.reward_id;
  else
    if what = 'unlimited' then
      insert into oba.stock_movements (reward_id, kind, quantity, reason) values (w.reward_id, 'count', - coalesce (w.stock, 0), why);
    end if;
    update oba.rewards r set stock = (select case what when 'receipt' then v.there + v.quantity else v.quantity - v.reserved end from pg_temp.reward_wanted v)
    where r.reward_id = w.reward_id returning r.stock into w.stock;
  end if;
  drop table pg_temp.reward_wanted;
  perform oba.audit_add ('reward.stock', 'reward', w.reward_id::text, null, jsonb_build_object ('stock', jsonb_build_array (null, w.stock), 'places', jsonb_build_array (null, n)), why);
  perform pg_notify ('oba_rewards', w.reward_id::text);
  return jsonb_build_object ('reward_id', w.reward_id, 'stock', w.stock, 'changed', n);
end $$;

-- ---------------------------------------------------------------- rights

revoke insert, update on oba.rewards from oba_marketing, oba_admin;
select oba.add_action ('save_reward', 'oba_marketing', 'oba_supervisor', 'oba_admin');
select oba.add_action ('change_stock', 'oba_marketing', 'oba_supervisor', 'oba_admin');
select oba.add_action ('retire_reward', 'oba_supervisor', 'oba_admin');
grant select on oba.reward_stock, oba.stock_movements to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.customer_rewards (bigint, text, bigint, timestamptz) to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.reward_texts (oba.rewards, text) to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;

reset role;
