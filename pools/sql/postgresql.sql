-- The guards of the book on PostgreSQL. Each statement ends with a line holding only ";;".
-- The functions run as their owner with a fixed search path, so the web's role needs no right to
-- change totals; pg_trigger_depth() tells a guard's own writing from anybody else's.

CREATE OR REPLACE FUNCTION guard_refuse() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'append-only: % on % is never done', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
;;
CREATE OR REPLACE FUNCTION guard_entry() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE ledger pools_ledger%ROWTYPE;
BEGIN
  SELECT * INTO ledger FROM pools_ledger WHERE id = NEW.ledger_id;
  IF NEW.seq IS DISTINCT FROM ledger.head_seq + 1 THEN
    RAISE EXCEPTION 'seq follows the ledger''s head' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.booked_on <= ledger.locked_until THEN
    RAISE EXCEPTION 'the period is locked' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.reverses_id IS NOT NULL AND NEW.ledger_id IS DISTINCT FROM
      (SELECT ledger_id FROM pools_entry WHERE id = NEW.reverses_id) THEN
    RAISE EXCEPTION 'a reversal stays in its ledger' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
;;
CREATE OR REPLACE FUNCTION guard_transfer() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  entry_size integer; entry_ledger bigint; entry_seq bigint; head bigint; mine integer; closed integer;
BEGIN
  SELECT e.size, e.ledger_id, e.seq, l.head_seq INTO entry_size, entry_ledger, entry_seq, head
    FROM pools_entry e JOIN pools_ledger l ON l.id = e.ledger_id WHERE e.id = NEW.entry_id;
  IF NEW.ordinal > entry_size THEN
    RAISE EXCEPTION 'the entry is complete' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF entry_seq IS DISTINCT FROM head + 1 THEN
    RAISE EXCEPTION 'only the newest entry takes transfers' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  SELECT COUNT(*) FILTER (WHERE a.ledger_id = entry_ledger),
         COUNT(*) FILTER (WHERE a.closed_on IS NOT NULL OR p.closed_on IS NOT NULL) INTO mine, closed
    FROM pools_account a LEFT JOIN pools_pool p ON p.id = a.pool_id WHERE a.id IN (NEW.debit_id, NEW.credit_id);
  IF mine <> 2 THEN
    RAISE EXCEPTION 'a transfer stays in its ledger' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF closed > 0 THEN
    RAISE EXCEPTION 'the account or its pool is closed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
;;
CREATE OR REPLACE FUNCTION guard_totals() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE first_day date;
BEGIN
  SELECT date_trunc('month', booked_on)::date INTO first_day FROM pools_entry WHERE id = NEW.entry_id;
  INSERT INTO pools_accountmonth AS m (account_id, month, debited_minor, credited_minor, transfers)
    VALUES (NEW.debit_id, first_day, NEW.amount_minor, 0, 1)
    ON CONFLICT (account_id, month) DO UPDATE SET
      debited_minor = m.debited_minor + excluded.debited_minor, transfers = m.transfers + 1;
  INSERT INTO pools_accountmonth AS m (account_id, month, debited_minor, credited_minor, transfers)
    VALUES (NEW.credit_id, first_day, 0, NEW.amount_minor, 1)
    ON CONFLICT (account_id, month) DO UPDATE SET
      credited_minor = m.credited_minor + excluded.credited_minor, transfers = m.transfers + 1;
  UPDATE pools_account SET balance_minor = balance_minor +
      CASE WHEN kind IN ('asset', 'expense') THEN NEW.amount_minor ELSE -NEW.amount_minor END
    WHERE id = NEW.debit_id AND floor_minor IS NOT NULL;
  UPDATE pools_account SET balance_minor = balance_minor -
      CASE WHEN kind IN ('asset', 'expense') THEN NEW.amount_minor ELSE -NEW.amount_minor END
    WHERE id = NEW.credit_id AND floor_minor IS NOT NULL;
  RETURN NULL;
END $$
;;
CREATE OR REPLACE FUNCTION guard_months() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'month totals follow transfers only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
;;
CREATE OR REPLACE FUNCTION guard_ledger() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.unit_id <> OLD.unit_id THEN
    RAISE EXCEPTION 'append-only: a ledger keeps its code and unit' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.locked_until IS NOT NULL AND (NEW.locked_until IS NULL OR NEW.locked_until < OLD.locked_until) THEN
    RAISE EXCEPTION 'a lock never moves back' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.head_seq <> OLD.head_seq OR NEW.head_seal <> OLD.head_seal) AND NOT (
      NEW.head_seq = OLD.head_seq + 1 AND EXISTS (
        SELECT 1 FROM pools_entry e WHERE e.ledger_id = NEW.id AND e.seq = NEW.head_seq AND e.seal = NEW.head_seal
          AND e.size = (SELECT COUNT(*) FROM pools_transfer t WHERE t.entry_id = e.id))) THEN
    RAISE EXCEPTION 'the head is the newest whole entry' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
;;
CREATE OR REPLACE FUNCTION guard_account() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.balance_minor <> 0 THEN
      RAISE EXCEPTION 'an account opens empty' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.pool_id IS NOT NULL AND NEW.ledger_id IS DISTINCT FROM
        (SELECT ledger_id FROM pools_pool WHERE id = NEW.pool_id) THEN
      RAISE EXCEPTION 'an account and its pool share a ledger' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.id <> OLD.id OR NEW.ledger_id <> OLD.ledger_id OR NEW.code <> OLD.code OR NEW.kind <> OLD.kind
      OR NEW.pool_id IS DISTINCT FROM OLD.pool_id THEN
    RAISE EXCEPTION 'append-only: an account keeps its ledger, pool, code and kind'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.floor_minor IS NULL) <> (OLD.floor_minor IS NULL) THEN
    RAISE EXCEPTION 'a floor is set when the account opens' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.balance_minor IS DISTINCT FROM OLD.balance_minor AND pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'balances follow transfers only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
;;
CREATE OR REPLACE TRIGGER guard_entry_insert BEFORE INSERT ON pools_entry FOR EACH ROW EXECUTE FUNCTION guard_entry()
;;
CREATE OR REPLACE TRIGGER guard_entry_change BEFORE UPDATE OR DELETE ON pools_entry FOR EACH ROW EXECUTE FUNCTION guard_refuse()
;;
CREATE OR REPLACE TRIGGER guard_entry_truncate BEFORE TRUNCATE ON pools_entry EXECUTE FUNCTION guard_refuse()
;;
CREATE OR REPLACE TRIGGER guard_transfer_insert BEFORE INSERT ON pools_transfer FOR EACH ROW EXECUTE FUNCTION guard_transfer()
;;
CREATE OR REPLACE TRIGGER guard_transfer_totals AFTER INSERT ON pools_transfer FOR EACH ROW EXECUTE FUNCTION guard_totals()
;;
CREATE OR REPLACE TRIGGER guard_transfer_change BEFORE UPDATE OR DELETE ON pools_transfer FOR EACH ROW EXECUTE FUNCTION guard_refuse()
;;
CREATE OR REPLACE TRIGGER guard_transfer_truncate BEFORE TRUNCATE ON pools_transfer EXECUTE FUNCTION guard_refuse()
;;
CREATE OR REPLACE TRIGGER guard_month_change BEFORE INSERT OR UPDATE OR DELETE ON pools_accountmonth FOR EACH ROW EXECUTE FUNCTION guard_months()
;;
CREATE OR REPLACE TRIGGER guard_month_truncate BEFORE TRUNCATE ON pools_accountmonth EXECUTE FUNCTION guard_refuse()
;;
CREATE OR REPLACE TRIGGER guard_ledger_update BEFORE UPDATE ON pools_ledger FOR EACH ROW EXECUTE FUNCTION guard_ledger()
;;
CREATE OR REPLACE TRIGGER guard_ledger_delete BEFORE DELETE ON pools_ledger FOR EACH ROW EXECUTE FUNCTION guard_refuse()
;;
CREATE OR REPLACE TRIGGER guard_ledger_truncate BEFORE TRUNCATE ON pools_ledger EXECUTE FUNCTION guard_refuse()
;;
CREATE OR REPLACE TRIGGER guard_account_change BEFORE INSERT OR UPDATE ON pools_account FOR EACH ROW EXECUTE FUNCTION guard_account()
;;
CREATE OR REPLACE TRIGGER guard_account_delete BEFORE DELETE ON pools_account FOR EACH ROW EXECUTE FUNCTION guard_refuse()
;;
CREATE OR REPLACE TRIGGER guard_account_truncate BEFORE TRUNCATE ON pools_account EXECUTE FUNCTION guard_refuse()
;;
CREATE OR REPLACE TRIGGER guard_unit_update BEFORE UPDATE ON pools_unit FOR EACH ROW
  WHEN ((NEW.code, NEW.scale, NEW.kind) IS DISTINCT FROM (OLD.code, OLD.scale, OLD.kind)) EXECUTE FUNCTION guard_refuse()
;;
CREATE OR REPLACE TRIGGER guard_memo_update BEFORE UPDATE ON pools_memo FOR EACH ROW EXECUTE FUNCTION guard_refuse()
;;
