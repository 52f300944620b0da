-- The same seed gives the same ids, also after a fill that was interrupted and after rows that were deleted.
do $$
declare
  s text;
begin
  foreach s in array array['receipt_ids', 'entry_ids', 'lot_ids', 'allocation_ids'] || array (
      select substring (pg_get_serial_sequence ('oba.' || t, c) from '[^.]+$')
      from (values ('import_batches', 'batch_id'), ('stores', 'store_id'), ('categories', 'category_id'), ('products', 'product_id'),
                   ('customers', 'customer_id'), ('consent_history', 'consent_id'), ('tier_changes', 'change_id'), ('rewards', 'reward_id'),
                   ('redemptions', 'redemption_id'), ('lifecycle_changes', 'change_id')) as ids (t, c)) loop
    execute format ('alter sequence oba.%s restart', s);
  end loop;
end $$;
