-- The guards of the book on SQLite. Each statement ends with a line holding only ";;".
-- What triggers cannot see (who asks) the authorizer in pools/guards.py decides.

-- INSERT OR REPLACE deletes without firing delete triggers, so a taken id, key or place is refused first.
CREATE TRIGGER guard_entry_insert BEFORE INSERT ON pools_entry BEGIN
  SELECT RAISE(ABORT, 'append-only: the entry is already there') WHERE EXISTS (
    SELECT 1 FROM pools_entry WHERE id = NEW.id OR key = NEW.key
      OR (ledger_id = NEW.ledger_id AND seq = NEW.seq) OR reverses_id = NEW.reverses_id);
  SELECT RAISE(ABORT, 'seq follows the ledger''s head') WHERE NEW.seq IS NOT (
    SELECT head_seq + 1 FROM pools_ledger WHERE id = NEW.ledger_id);
  SELECT RAISE(ABORT, 'the period is locked') WHERE NEW.booked_on <= (
    SELECT locked_until FROM pools_ledger WHERE id = NEW.ledger_id);
  SELECT RAISE(ABORT, 'a reversal stays in its ledger') WHERE NEW.reverses_id IS NOT NULL
    AND NEW.ledger_id IS NOT (SELECT ledger_id FROM pools_entry WHERE id = NEW.reverses_id);
END
;;
CREATE TRIGGER guard_entry_update BEFORE UPDATE ON pools_entry BEGIN
  SELECT RAISE(ABORT, 'append-only: an entry never changes');
END
;;
CREATE TRIGGER guard_entry_delete BEFORE DELETE ON pools_entry BEGIN
  SELECT RAISE(ABORT, 'append-only: an entry never goes');
END
;;
CREATE TRIGGER guard_transfer_insert BEFORE INSERT ON pools_transfer BEGIN
  SELECT RAISE(ABORT, 'append-only: the transfer is already there') WHERE EXISTS (
    SELECT 1 FROM pools_transfer WHERE id = NEW.id
      OR (entry_id = NEW.entry_id AND ordinal = NEW.ordinal));
  -- SQLite would keep 0.5 in an integer column.
  SELECT RAISE(ABORT, 'whole minor units only') WHERE typeof(NEW.amount_minor) <> 'integer'
    OR typeof(NEW.ordinal) <> 'integer';
  SELECT RAISE(ABORT, 'the entry is complete') WHERE NEW.ordinal > (
    SELECT size FROM pools_entry WHERE id = NEW.entry_id);
  SELECT RAISE(ABORT, 'only the newest entry takes transfers') WHERE NOT EXISTS (
    SELECT 1 FROM pools_entry e JOIN pools_ledger l ON l.id = e.ledger_id
    WHERE e.id = NEW.entry_id AND e.seq = l.head_seq + 1);
  SELECT RAISE(ABORT, 'a transfer stays in its ledger') WHERE (
    SELECT COUNT(*) FROM pools_account a JOIN pools_entry e ON e.ledger_id = a.ledger_id
    WHERE e.id = NEW.entry_id AND a.id IN (NEW.debit_id, NEW.credit_id)) <> 2;
  SELECT RAISE(ABORT, 'the account or its pool is closed') WHERE EXISTS (
    SELECT 1 FROM pools_account a LEFT JOIN pools_pool p ON p.id = a.pool_id
    WHERE a.id IN (NEW.debit_id, NEW.credit_id)
      AND (a.closed_on IS NOT NULL OR p.closed_on IS NOT NULL));
END
;;
CREATE TRIGGER guard_transfer_update BEFORE UPDATE ON pools_transfer BEGIN
  SELECT RAISE(ABORT, 'append-only: a transfer never changes');
END
;;
CREATE TRIGGER guard_transfer_delete BEFORE DELETE ON pools_transfer BEGIN
  SELECT RAISE(ABORT, 'append-only: a transfer never goes');
END
;;
-- Month totals and floored balances follow every transfer, whoever wrote it.
CREATE TRIGGER guard_transfer_totals AFTER INSERT ON pools_transfer BEGIN
  INSERT INTO pools_accountmonth (account_id, month, debited_minor, credited_minor, transfers)
    SELECT NEW.debit_id, date(booked_on, 'start of month'), NEW.amount_minor, 0, 1
    FROM pools_entry WHERE id = NEW.entry_id
    ON CONFLICT (account_id, month) DO UPDATE SET
      debited_minor = debited_minor + excluded.debited_minor, transfers = transfers + 1;
  INSERT INTO pools_accountmonth (account_id, month, debited_minor, credited_minor, transfers)
    SELECT NEW.credit_id, date(booked_on, 'start of month'), 0, NEW.amount_minor, 1
    FROM pools_entry WHERE id = NEW.entry_id
    ON CONFLICT (account_id, month) DO UPDATE SET
      credited_minor = credited_minor + excluded.credited_minor, transfers = transfers + 1;
  UPDATE pools_account SET balance_minor = balance_minor +
      CASE WHEN kind IN ('asset', 'expense') THEN NEW.amount_minor ELSE -NEW.amount_minor END
    WHERE id = NEW.debit_id AND floor_minor IS NOT NULL;
  UPDATE pools_account SET balance_minor = balance_minor -
      CASE WHEN kind IN ('asset', 'expense') THEN NEW.amount_minor ELSE -NEW.amount_minor END
    WHERE id = NEW.credit_id AND floor_minor IS NOT NULL;
END
;;
CREATE TRIGGER guard_ledger_insert BEFORE INSERT ON pools_ledger BEGIN
  SELECT RAISE(ABORT, 'append-only: the ledger is already there') WHERE EXISTS (
    SELECT 1 FROM pools_ledger WHERE id = NEW.id OR code = NEW.code);
END
;;
CREATE TRIGGER guard_ledger_update BEFORE UPDATE ON pools_ledger BEGIN
  SELECT RAISE(ABORT, 'append-only: a ledger keeps its code and unit')
    WHERE NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.unit_id <> OLD.unit_id;
  SELECT RAISE(ABORT, 'a lock never moves back')
    WHERE OLD.locked_until IS NOT NULL AND (NEW.locked_until IS NULL OR NEW.locked_until < OLD.locked_until);
  SELECT RAISE(ABORT, 'the head is the newest whole entry') WHERE
    (NEW.head_seq <> OLD.head_seq OR NEW.head_seal <> OLD.head_seal)
    AND NOT (NEW.head_seq = OLD.head_seq + 1 AND EXISTS (
      SELECT 1 FROM pools_entry e WHERE e.ledger_id = NEW.id AND e.seq = NEW.head_seq AND e.seal = NEW.head_seal
        AND e.size = (SELECT COUNT(*) FROM pools_transfer t WHERE t.entry_id = e.id)));
END
;;
CREATE TRIGGER guard_ledger_delete BEFORE DELETE ON pools_ledger BEGIN
  SELECT RAISE(ABORT, 'append-only: a ledger never goes');
END
;;
CREATE TRIGGER guard_account_insert BEFORE INSERT ON pools_account BEGIN
  SELECT RAISE(ABORT, 'append-only: the account is already there') WHERE EXISTS (
    SELECT 1 FROM pools_account WHERE id = NEW.id OR (ledger_id = NEW.ledger_id AND code = NEW.code));
  SELECT RAISE(ABORT, 'an account opens empty') WHERE NEW.balance_minor <> 0;
  SELECT RAISE(ABORT, 'an account and its pool share a ledger') WHERE NEW.pool_id IS NOT NULL
    AND NEW.ledger_id IS NOT (SELECT ledger_id FROM pools_pool WHERE id = NEW.pool_id);
END
;;
CREATE TRIGGER guard_account_update BEFORE UPDATE ON pools_account BEGIN
  SELECT RAISE(ABORT, 'append-only: an account keeps its ledger, pool, code and kind')
    WHERE NEW.id <> OLD.id OR NEW.ledger_id <> OLD.ledger_id OR NEW.code <> OLD.code
      OR NEW.kind <> OLD.kind OR NEW.pool_id IS NOT OLD.pool_id;
  SELECT RAISE(ABORT, 'whole minor units only')
    WHERE typeof(NEW.balance_minor) NOT IN ('integer', 'null');
  SELECT RAISE(ABORT, 'a floor is set when the account opens')
    WHERE (NEW.floor_minor IS NULL) <> (OLD.floor_minor IS NULL);
END
;;
CREATE TRIGGER guard_account_delete BEFORE DELETE ON pools_account BEGIN
  SELECT RAISE(ABORT, 'append-only: an account never goes');
END
;;
CREATE TRIGGER guard_unit_update BEFORE UPDATE OF code, scale, kind ON pools_unit BEGIN
  SELECT RAISE(ABORT, 'append-only: a unit keeps its code, kind and scale')
    WHERE NEW.code <> OLD.code OR NEW.scale <> OLD.scale OR NEW.kind <> OLD.kind;
END
;;
CREATE TRIGGER guard_unit_insert BEFORE INSERT ON pools_unit BEGIN
  SELECT RAISE(ABORT, 'append-only: the unit is already there') WHERE EXISTS (
    SELECT 1 FROM pools_unit WHERE code = NEW.code);
END
;;
CREATE TRIGGER guard_memo_insert BEFORE INSERT ON pools_memo BEGIN
  SELECT RAISE(ABORT, 'append-only: the memo is already there') WHERE EXISTS (
    SELECT 1 FROM pools_memo WHERE entry_id = NEW.entry_id);
END
;;
CREATE TRIGGER guard_memo_update BEFORE UPDATE ON pools_memo BEGIN
  SELECT RAISE(ABORT, 'append-only: a memo is erased or kept, never changed');
END
;;
