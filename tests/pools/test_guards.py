"""Attacks on the book past the verb: through the ORM and through SQL, on both databases.

On SQLite the authorizer watches every connection; on PostgreSQL the attacks run both as the owner
(triggers) and as the web's role (rights). What a superuser can still do, the audit finds.
"""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from pools import audit, guards
from pools.models import Account, AccountMonth, Entry, Ledger, Transfer, Unit
from tests import factories as make

SQLITE = connection.vendor == "sqlite"
only_sqlite = pytest.mark.skipif(not SQLITE, reason="SQLite's own attack")
only_postgres = pytest.mark.skipif(SQLITE, reason="PostgreSQL's own attack")


@pytest.fixture
def book(db):
    """Two entries between a bank and a floored saver, and another ledger beside."""
    bank = make.account(make.ledger(), "bank")
    ada = make.account(bank.ledger, "saver", make.LIABILITY, floor_minor=0)
    make.post(bank, ada, 100, "k1", memo="Insats")
    make.post(bank, ada, 50, "k2")
    make.account(make.ledger("other"), "elsewhere")
    return {
        "bank": bank.pk,
        "ada": ada.pk,
        "first": Entry.objects.get(seq=1).pk,
        "second": Entry.objects.get(seq=2).pk,
    }


def sql(text: str):
    def attack(book):
        with connection.cursor() as cursor:
            cursor.execute(text.format(**book))

    return attack


ENTRY = (
    "INSERT{how} INTO pools_entry (id, ledger_id, seq, kind, booked_on, recorded_at, recorded_by, key,"
    " fingerprint, size, memo_commitment, seal, reverses_id) SELECT {pk}, ledger_id, {seq}, kind, {on},"
    " recorded_at, recorded_by, {key}, fingerprint, {size}, '', seal, {reverses} FROM pools_entry WHERE id = {{first}}"
)


def entry(how="", pk="900", seq="3", on="booked_on", key="'new'", size="1", reverses="NULL"):
    return sql(ENTRY.format(how=how, pk=pk, seq=seq, on=on, key=key, size=size, reverses=reverses))


def transfer(
    entry="{second}", ordinal="2", debit="{bank}", credit="{ada}", amount="1", how="", pk=""
):
    columns, value = ("id, ", f"{pk}, ") if pk else ("", "")
    return sql(
        f"INSERT{how} INTO pools_transfer ({columns}entry_id, ordinal, debit_id, credit_id, amount_minor)"
        f" VALUES ({value}{entry}, {ordinal}, {debit}, {credit}, {amount})"
    )


ATTACKS = {
    # Rewriting what stands.
    "orm-update-transfer": lambda book: Transfer.objects.update(amount_minor=2),
    "orm-delete-transfer": lambda book: Transfer.objects.all().delete(),
    "orm-update-entry": lambda book: Entry.objects.update(kind="never-happened"),
    "orm-delete-entry": lambda book: Entry.objects.filter(seq=2).delete(),
    "orm-save-transfer": lambda book: Transfer(pk=Transfer.objects.first().pk, entry_id=book["first"], ordinal=1, debit_id=book["bank"], credit_id=book["ada"], amount_minor=7).save(),
    "sql-update-amount": sql("UPDATE pools_transfer SET amount_minor = amount_minor + 1"),
    "sql-delete-transfer": sql("DELETE FROM pools_transfer WHERE entry_id = {second}"),
    "sql-update-seal": sql("UPDATE pools_entry SET seal = 'x' WHERE id = {first}"),
    "sql-redate": sql("UPDATE pools_entry SET booked_on = '2020-01-01'"),
    "sql-delete-entry": sql("DELETE FROM pools_entry WHERE id = {second}"),
    "sql-update-memo": sql("UPDATE pools_memo SET text = 'Gåva'"),
    # Adding what was never an event.
    "extra-transfer-on-old-entry": transfer(),
    "transfer-with-taken-ordinal": transfer(ordinal="1"),
    "transfer-of-nothing": transfer(amount="0"),
    "transfer-below-zero": transfer(amount="-5"),
    "transfer-too-large": transfer(amount="100000000000001"),
    "transfer-to-itself": transfer(credit="{bank}"),
    "transfer-of-no-entry": transfer(entry="99999"),
    "entry-with-a-gap": entry(seq="7"),
    "entry-with-a-taken-seq": entry(seq="2"),
    "entry-with-a-taken-key": entry(key="'k1'"),
    "entry-without-transfers-as-head": sql("UPDATE pools_ledger SET head_seq = head_seq + 1 WHERE code = 'book'"),
    "head-back": sql("UPDATE pools_ledger SET head_seq = 1 WHERE code = 'book'"),
    "head-with-other-seal": sql("UPDATE pools_ledger SET head_seal = 'x' WHERE code = 'book'"),
    "entry-of-size-zero": entry(size="0"),
    # Derived sums.
    "orm-month": lambda book: AccountMonth.objects.update(debited_minor=1),
    "sql-month-update": sql("UPDATE pools_accountmonth SET credited_minor = 0"),
    "sql-month-insert": sql("INSERT INTO pools_accountmonth (account_id, month, debited_minor, credited_minor, transfers) VALUES ({bank}, '2020-01-01', 5, 0, 1)"),
    "sql-month-delete": sql("DELETE FROM pools_accountmonth"),
    "orm-balance": lambda book: Account.objects.filter(pk=book["ada"]).update(balance_minor=10**6),
    "sql-balance": sql("UPDATE pools_account SET balance_minor = 0 WHERE id = {ada}"),
    "floor-lifted": sql("UPDATE pools_account SET floor_minor = NULL, balance_minor = NULL WHERE id = {ada}"),
    "floor-above-balance": sql("UPDATE pools_account SET floor_minor = 1000 WHERE id = {ada}"),
    "account-opens-rich": sql("INSERT INTO pools_account (ledger_id, code, kind, bas, floor_minor, balance_minor, opened_on) SELECT ledger_id, 'rich', kind, '', 0, 500, opened_on FROM pools_account WHERE id = {ada}"),
    # The names that seals rest on.
    "account-renamed": lambda book: Account.objects.filter(pk=book["ada"]).update(code="saver:2"),
    "account-turned": lambda book: Account.objects.filter(pk=book["ada"]).update(kind="asset"),
    "account-moved": lambda book: Account.objects.filter(pk=book["ada"]).update(ledger=Ledger.objects.get(code="other")),
    "account-deleted": sql("DELETE FROM pools_account WHERE code = 'elsewhere'"),
    "ledger-renamed": lambda book: Ledger.objects.filter(code="book").update(code="cooked"),
    "ledger-deleted": sql("DELETE FROM pools_ledger WHERE code = 'other'"),
    "unit-rescaled": lambda book: Unit.objects.update(scale=0),
}  # fmt: skip
SQLITE_ATTACKS = {
    "replace-transfer": transfer(how=" OR REPLACE", entry="{first}", ordinal="1", amount="9"),
    "replace-entry-by-key": entry(how=" OR REPLACE", key="'k1'"),
    "replace-account": sql("INSERT OR REPLACE INTO pools_account (ledger_id, code, kind, bas, floor_minor, balance_minor, opened_on) SELECT ledger_id, code, kind, '', 0, 0, opened_on FROM pools_account WHERE id = {ada}"),
    "replace-ledger": sql("INSERT OR REPLACE INTO pools_ledger (code, name, unit_id, head_seq, head_seal) SELECT code, name, unit_id, 0, '' FROM pools_ledger"),
    "replace-unit": sql("INSERT OR REPLACE INTO pools_unit (code, name, kind, scale) VALUES ('SEK', 'kr', 'money', 0)"),
    "replace-memo": sql("INSERT OR REPLACE INTO pools_memo (entry_id, salt, text) VALUES ({first}, '', 'x')"),
    "half-an-ore": transfer(amount="0.5"),
    "drop-trigger": sql("DROP TRIGGER guard_transfer_update"),
    "create-trigger": sql("CREATE TRIGGER mine BEFORE INSERT ON pools_transfer BEGIN SELECT 1; END"),
    "drop-table": sql("DROP TABLE pools_transfer"),
    "rename-table": sql("ALTER TABLE pools_transfer RENAME TO gone"),
    "writable-schema": sql("PRAGMA writable_schema = ON"),
    "no-checks": sql("PRAGMA ignore_check_constraints = ON"),
    "sqlite-master": sql("DELETE FROM sqlite_master WHERE name LIKE 'guard%%'"),
}  # fmt: skip
POSTGRES_ATTACKS = {
    "truncate": sql("TRUNCATE pools_transfer CASCADE"),
    "truncate-months": sql("TRUNCATE pools_accountmonth"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_12b_1_the_database_refuses(book, name):
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        ATTACKS[name](book)

    assert audit.run(audit.CHECKS) == []


@only_sqlite
@pytest.mark.parametrize("name", SQLITE_ATTACKS)
def test_sqlite_refuses(book, name):
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        SQLITE_ATTACKS[name](book)

    assert audit.run(audit.CHECKS) == []
    assert guards.missing(connection) == []


@only_postgres
@pytest.mark.postgres
@pytest.mark.parametrize("name", POSTGRES_ATTACKS)
def test_postgres_refuses(book, name):
    with pytest.raises(DatabaseError), transaction.atomic():
        POSTGRES_ATTACKS[name](book)

    assert audit.run(audit.CHECKS) == []


@pytest.fixture
def app_role(db, settings):
    """The web's role, with the rights that the guards grant."""
    settings.BOOK_APP_ROLE = "byakassan_app"
    settings.BOOK_REPORTS_ROLE = "byakassan_reports"
    with connection.cursor() as cursor:
        for role in ("byakassan_app", "byakassan_reports"):
            cursor.execute(f"CREATE ROLE {role}")
        guards._grant(cursor, set(connection.introspection.table_names()))
    return "byakassan_app"


@only_postgres
@pytest.mark.postgres
@pytest.mark.parametrize(
    "name",
    {**ATTACKS, **POSTGRES_ATTACKS, "drop-trigger": 1, "disable-trigger": 1, "replica-role": 1},
)
def test_the_webs_role_may_not(book, app_role, name):
    own = {
        "drop-trigger": sql("DROP TRIGGER guard_transfer_change ON pools_transfer"),
        "disable-trigger": sql("ALTER TABLE pools_transfer DISABLE TRIGGER ALL"),
        "replica-role": sql("SET session_replication_role = replica"),
    }
    attack = {**ATTACKS, **POSTGRES_ATTACKS, **own}[name]

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {app_role}")
        with pytest.raises(DatabaseError), transaction.atomic():
            attack(book)
        transaction.set_rollback(True)

    assert audit.run(audit.CHECKS) == []


@only_postgres
@pytest.mark.postgres
def test_the_webs_role_may_post(book, app_role):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {app_role}")
    bank, ada = Account.objects.get(pk=book["bank"]), Account.objects.get(pk=book["ada"])

    make.post(bank, ada, 25, "k3", memo="Som webben")

    ada.refresh_from_db()
    assert ada.balance_minor == 175
    assert audit.run(audit.CHECKS) == []


@only_postgres
@pytest.mark.postgres
def test_the_reports_role_only_reads(book, app_role):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE byakassan_reports")
    assert Transfer.objects.count() == 2

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Ledger.objects.update(name="x")


@pytest.mark.fault("F37")
def test_a_migration_puts_the_guards_back(shared_db):
    guards.lift(connection)
    assert len(guards.missing(connection)) > 10

    call_command("migrate", verbosity=0)

    assert guards.missing(connection) == []


def test_before_the_first_migration_there_is_nothing_to_guard(db):
    guards.lift(connection)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE pools_accountmonth")

        guards.stand_after_migrate(using="default")

        assert set(guards.missing(connection)) == set(guards.expected(connection.vendor))
        assert guards.the_guards_stand(app_configs=None, databases=["default"]) == []
        transaction.set_rollback(True)
    guards.stand(connection)
    assert guards.missing(connection) == []


# What whoever owns the database file can do when the guards are away, and how it is found.
TAMPERINGS = {
    "amount": ("UPDATE pools_transfer SET amount_minor = 101 WHERE entry_id = {first}", {"month_totals_follow_transfers", "kept_balances_follow_transfers", "chains_verify"}),
    "date": ("UPDATE pools_entry SET booked_on = '2026-11-22' WHERE id = {first}", {"chains_verify"}),
    "author": ("UPDATE pools_entry SET recorded_by = 'someone' WHERE id = {second}", {"chains_verify"}),
    "memo": ("UPDATE pools_memo SET text = 'Lån'", {"chains_verify"}),
    "transfer-gone": ("DELETE FROM pools_transfer WHERE entry_id = {second}", {"entries_are_whole", "month_totals_follow_transfers", "kept_balances_follow_transfers", "chains_verify"}),
    "month": ("UPDATE pools_accountmonth SET debited_minor = 7 WHERE account_id = {bank}", {"month_totals_follow_transfers"}),
    "balance": ("UPDATE pools_account SET balance_minor = 7 WHERE id = {ada}", {"kept_balances_follow_transfers"}),
    "head": ("UPDATE pools_ledger SET head_seq = 5 WHERE code = 'book'", {"sequences_have_no_gaps", "chains_verify"}),
    "gap": ("UPDATE pools_entry SET seq = 3 WHERE id = {second}", {"sequences_have_no_gaps", "chains_verify"}),
    "crossing": ("UPDATE pools_transfer SET debit_id = (SELECT id FROM pools_account WHERE code = 'elsewhere') WHERE entry_id = {second}", {"transfers_stay_in_their_ledger", "month_totals_follow_transfers", "chains_verify"}),
    "false-reversal": ("UPDATE pools_entry SET reverses_id = {first} WHERE id = {second}", {"reversals_mirror_their_entries", "chains_verify"}),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_the_audit_finds_what_a_superuser_did(book, name):
    text, checks = TAMPERINGS[name]
    guards.lift(connection)

    sql(text)(book)

    assert {finding.check for finding in audit.run(audit.CHECKS)} == checks
    guards.stand(connection)
