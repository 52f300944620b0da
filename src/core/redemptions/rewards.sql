-- Rewards that were ever on offer, for the filter.
select reward_id, name_az, name_ru, name_en from oba.rewards where state <> 'draft' order by state = 'retired', name_az, reward_id
