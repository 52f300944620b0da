create temp table demo_redemptions (n bigint, customer_id bigint, at timestamptz, store_id bigint, reward_id bigint, through text) on commit drop;
