-- The work of one recharge as one function of the database: the same looks, the same rows, written by hand.
CREATE OR REPLACE FUNCTION bench_recharge(the_customer bigint, paid bigint, the_clerk integer, the_store integer)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    wallet ledger_account;
    bonus_balance bigint;
    till_id bigint;
    promotions_id bigint;
    is_taken boolean;
    rules text;
    barred date;
    drawer_id bigint;
    posting_id bigint;
    today date;
    command_id bigint := (extract(epoch FROM clock_timestamp()) * 1000)::bigint << 20 | (random() * 1048575)::bigint;
    moment timestamp := clock_timestamp() AT TIME ZONE 'UTC';
    answer text;
BEGIN
    SELECT is_on INTO is_taken FROM payment_method WHERE code = 'wechat';
    SELECT string_agg(name || '=' || value, E'\n') INTO rules FROM setting
     WHERE name IN ('bonus_from', 'bonus_gift', 'balance_limit', 'spending_order', 'cash_taken');
    SELECT max(day) INTO barred FROM day_close;
    SELECT account_id INTO drawer_id FROM drawer WHERE store_id = the_store AND clerk_id = the_clerk;
    SELECT id INTO till_id FROM ledger_account WHERE code = 'clearing:wechat';
    SELECT id INTO promotions_id FROM ledger_account WHERE code = 'promotions';
    SELECT balance INTO bonus_balance FROM ledger_account WHERE customer_id = the_customer AND purse = 'bonus';
    SELECT * INTO wallet FROM ledger_account WHERE customer_id = the_customer AND purse = 'principal' FOR UPDATE;
    IF wallet.status <> 'open' OR NOT is_taken THEN
        RAISE EXCEPTION 'refused';
    END IF;
    today := greatest((moment AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai')::date, barred + 1);
    posting_id := nextval('posting_id_seq');
    UPDATE ledger_account SET balance = balance + paid, seq = seq + 1 WHERE id = wallet.id;
    INSERT INTO posting (id, business_date, posted_at, hour, kind, amount, customer_id, store_id, operator_kind,
                         operator_id, method, command_id, receipt_no, is_forced, balance_after, bonus_after)
    VALUES (posting_id, today, moment, extract(hour FROM moment), 'recharge', paid, the_customer, the_store, 'staff',
            the_clerk, 'wechat', command_id, lpad(posting_id::text, 8, '0'), false, wallet.balance + paid, bonus_balance);
    INSERT INTO transfer (posting_id, line, debit_id, credit_id, amount, wallet_id, seq, balance_after)
    VALUES (posting_id, 1, till_id, wallet.id, paid, wallet.id, wallet.seq + 1, wallet.balance + paid);
    INSERT INTO receipt (receipt_no, posting_id, business_date)
    VALUES (lpad(posting_id::text, 8, '0'), posting_id, today);
    INSERT INTO operation_record (recorded_at, business_date, actor_kind, actor_id, actor_name, store_id, operation,
                                  object_type, object_id, command_id, changes)
    VALUES (moment, today, 'staff', the_clerk, 'bench', the_store, 'ledger.recharge', 'posting', posting_id, command_id,
            json_build_object('amount', json_build_array(NULL, paid),
                              'principal', json_build_array(wallet.balance, wallet.balance + paid))::text);
    answer := json_build_object(
        'available', wallet.balance + paid + coalesce(bonus_balance, 0) - wallet.held - wallet.floor,
        'balance', wallet.balance + paid, 'bonus', bonus_balance,
        'held', wallet.held,
        'posting', json_build_object(
            'id', posting_id, 'business_date', today, 'posted_at', moment, 'hour', extract(hour FROM moment),
            'kind', 'recharge', 'amount', paid, 'customer_id', the_customer, 'store_id', the_store, 'terminal', NULL,
            'shift_id', NULL, 'operator_kind', 'staff', 'operator_id', the_clerk, 'method', 'wechat', 'category', NULL,
            'location', NULL, 'source_type', NULL, 'source_id', NULL, 'command_id', command_id,
            'receipt_no', lpad(posting_id::text, 8, '0'), 'reverses_id', NULL, 'reverses_kind', NULL,
            'is_forced', false, 'occurred_at', NULL, 'approval_id', NULL, 'balance_after', wallet.balance + paid,
            'bonus_after', bonus_balance, 'note', NULL))::text;
    INSERT INTO command (id, scope, key, request_hash, outcome, answer, business_date, recorded_at)
    VALUES (command_id, 'staff:' || the_clerk, md5(command_id::text || random()::text),
            encode(sha256(convert_to(the_customer::text || paid::text, 'UTF8')), 'hex'), 'applied', answer, today, moment);
    RETURN posting_id;
END $$;
