"""The nouns of money: what a row may be, and nothing else.

One `Transfer` moves whole minor units from one account to another, so it cannot be unbalanced. An
`Entry` is one event of 1…n transfers. Nothing in the book is updated or deleted: the guards in
`pools/guards.py` make the database refuse it, whoever asks. Only `pools/book.py` writes here.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

MOST_MINOR = 10**14  # A limit on everything: no transfer is larger, so no sum overflows 64 bits.


class Unit(models.Model):
    """What a ledger counts: kronor, hours, kWh, savings points, shares."""

    class Kind(models.TextChoices):
        MONEY = "money", _("Money")
        LOCAL = "local", _("Local currency")
        TIME = "time", _("Time")
        ENERGY = "energy", _("Energy")
        POINTS = "points", _("Points")
        COUNT = "count", _("Count")

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind)
    scale = models.PositiveSmallIntegerField(help_text="Decimals: 2 means that 100 minor are 1.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="unit_scale_up_to_six", condition=Q(scale__lte=6)),
            models.CheckConstraint(
                name="unit_kind_is_known",
                condition=Q(kind__in=["money", "local", "time", "energy", "points", "count"]),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Ledger(models.Model):
    """One book in one unit, belonging to one organisation. `head_*` is the last entry's."""

    code = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="ledgers")
    head_seq = models.PositiveBigIntegerField(default=0)
    head_seal = models.CharField(max_length=64, default="0" * 64)
    locked_until = models.DateField(
        null=True, blank=True, help_text="No entry may be dated on or before this day."
    )

    def __str__(self) -> str:
        return self.code


class Pool(models.Model):
    """The accounts of one purpose in one ledger, such as one share offering or one loan."""

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="pools")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ledger", "code"], name="pool_code_once_per_ledger"),
            models.CheckConstraint(
                name="pool_closed_after_it_opened",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Account(models.Model):
    """Where value stands. A colon path names it; it never names a person.

    Balances are on the account's normal side: debits less credits for assets and expenses,
    credits less debits for the rest. With a `floor_minor` the account keeps `balance_minor` and
    the database keeps it at or above the floor; without one it keeps none and stays cheap.
    """

    class Kind(models.TextChoices):
        ASSET = "asset", _("Asset")
        LIABILITY = "liability", _("Liability")
        EQUITY = "equity", _("Equity")
        INCOME = "income", _("Income")
        EXPENSE = "expense", _("Expense")

    DEBIT_KINDS = (Kind.ASSET, Kind.EXPENSE)

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="accounts")
    pool = models.ForeignKey(Pool, models.PROTECT, null=True, blank=True, related_name="accounts")
    code = models.CharField(max_length=120)
    kind = models.CharField(max_length=9, choices=Kind)
    bas = models.CharField(max_length=4, blank=True, help_text="Number in the BAS chart.")
    floor_minor = models.BigIntegerField(null=True, blank=True)
    balance_minor = models.BigIntegerField(null=True, blank=True, editable=False)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ledger", "code"], name="account_code_once_per_ledger"),
            models.CheckConstraint(
                name="account_kind_is_known",
                condition=Q(kind__in=["asset", "liability", "equity", "income", "expense"]),
            ),
            models.CheckConstraint(
                name="account_keeps_balance_only_with_floor",
                condition=Q(floor_minor__isnull=True, balance_minor__isnull=True)
                | Q(floor_minor__isnull=False, balance_minor__isnull=False),
            ),
            models.CheckConstraint(
                name="account_stays_above_floor",
                condition=Q(balance_minor__isnull=True) | Q(balance_minor__gte=F("floor_minor")),
                violation_error_message=_("There is not that much left on the account."),
            ),
            models.CheckConstraint(
                name="account_closed_after_it_opened",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def sign(self) -> int:
        """+1 where debits raise the balance, −1 where credits do."""
        return 1 if self.kind in self.DEBIT_KINDS else -1


class Entry(models.Model):
    """One event in a ledger: when it counts, when and by whom it was written, and its seal."""

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="entries")
    seq = models.PositiveBigIntegerField(help_text="1, 2, 3 … without gaps in each ledger.")
    kind = models.SlugField(max_length=40, help_text="Why: pay-in, repayment, dividend …")
    booked_on = models.DateField(help_text="The day it counts, in Stockholm.")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=60, help_text="Opaque: user:7, job:demo.")
    key = models.CharField(max_length=200, unique=True)
    fingerprint = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="How many transfers it has.")
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    memo_commitment = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["ledger", "seq"], name="entry_seq_once_per_ledger"),
            models.CheckConstraint(
                name="entry_has_at_least_one_transfer", condition=Q(size__gte=1)
            ),
            models.CheckConstraint(name="entry_seq_starts_at_one", condition=Q(seq__gte=1)),
            models.CheckConstraint(
                name="entry_reverses_an_earlier_one",
                condition=Q(reverses__isnull=True) | Q(reverses__lt=F("id")),
            ),
        ]
        indexes = [models.Index(fields=["ledger", "booked_on"], name="entry_by_day")]

    def __str__(self) -> str:
        return f"{self.ledger_id}:{self.seq}"


class Memo(models.Model):
    """The words on an entry, with the salt of their commitment: may be erased, never changed.

    The seal covers only the commitment, so erasing a memo leaves the chain whole.
    """

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="memo")
    salt = models.CharField(max_length=32)
    text = models.TextField()

    def __str__(self) -> str:
        return self.text


class Transfer(models.Model):
    """`amount_minor` whole minor units, above zero, out of the credit account into the debit."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="transfers")
    ordinal = models.PositiveIntegerField(help_text="1 … entry.size.")
    debit = models.ForeignKey(Account, models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, models.PROTECT, related_name="credits")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "ordinal"], name="transfer_ordinal_once"),
            models.CheckConstraint(name="transfer_ordinal_from_one", condition=Q(ordinal__gte=1)),
            models.CheckConstraint(
                name="transfer_between_two_accounts", condition=~Q(debit=F("credit"))
            ),
            models.CheckConstraint(
                name="transfer_amount_above_zero_and_bounded",
                condition=Q(amount_minor__gte=1, amount_minor__lte=MOST_MINOR),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}.{self.ordinal}"


class AccountMonth(models.Model):
    """What moved on an account in a month: derived, written by the guards with each transfer."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="months")
    month = models.DateField(help_text="The first day of the month.")
    debited_minor = models.BigIntegerField(default=0)
    credited_minor = models.BigIntegerField(default=0)
    transfers = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "month"], name="account_month_once"),
            models.CheckConstraint(name="account_month_is_a_first", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.month:%Y-%m}"


class BankAccount(models.Model):
    """An organisation's account at its bank, the book account it mirrors, and where strays wait."""

    account = models.OneToOneField(Account, models.PROTECT, related_name="bank_account")
    unmatched = models.OneToOneField(
        Account, models.PROTECT, related_name="waits_for", help_text="What is not yet placed."
    )
    iban = models.CharField(max_length=34, unique=True)
    bankgiro = models.CharField(max_length=9, blank=True)
    plusgiro = models.CharField(max_length=10, blank=True)
    swish = models.CharField(max_length=10, blank=True)
    payee = models.CharField(max_length=120, help_text="The name a payer sees.")
    calls_since = models.DateField(
        null=True, blank=True, help_text="Since when calls ask to be paid here; the newest rules."
    )
    ended_on = models.DateField(null=True, blank=True)
    opening = models.OneToOneField(
        Entry,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opens_bank_account",
        help_text="What stood there before the first statement.",
    )

    def __str__(self) -> str:
        return self.iban


class BankMode(models.Model):
    """An account is for capital alone, or shared with the bookkeeping program, from a day on."""

    class Mode(models.TextChoices):
        CAPITAL = "A", _("For capital alone")
        SHARED = "B", _("Shared with the bookkeeping program")

    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="modes")
    mode = models.CharField(max_length=1, choices=Mode)
    since = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank_account", "since"], name="bank_mode_once_a_day"),
            models.CheckConstraint(name="bank_mode_is_known", condition=Q(mode__in=["A", "B"])),
        ]

    def __str__(self) -> str:
        return f"{self.mode} {self.since}"


class BankFile(models.Model):
    """A file as the bank sent it; its bytes are kept under the name of their SHA-256."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(default=0)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class BankStatement(models.Model):
    """One statement (camt.053) or notification (camt.054) of one account in a file."""

    class Kind(models.TextChoices):
        STATEMENT = "053", _("Statement")
        NOTIFICATION = "054", _("Notification")

    file = models.ForeignKey(BankFile, models.PROTECT, related_name="statements")
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=3, choices=Kind)
    identification = models.CharField(max_length=80)
    made_at = models.DateTimeField(null=True, blank=True, help_text="When the bank wrote it.")
    opening_minor = models.BigIntegerField(null=True, blank=True)
    opens_on = models.DateField(null=True, blank=True)
    closing_minor = models.BigIntegerField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["bank_account", "closes_on"], name="statement_by_day")]

    def __str__(self) -> str:
        return self.identification


class Movement(models.Model):
    """One payment at the bank, however many files tell of it. Plus is in, minus is out.

    Its entry (bank against unmatched) is missing while it is perhaps told twice: a person decides.
    """

    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="movements")
    amount_minor = models.BigIntegerField()
    booked_on = models.DateField(help_text="The bank's day: from then on it counts.")
    message = models.TextField(blank=True, help_text="What the bank says of the whole of it.")
    is_reversal = models.BooleanField(default=False)
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, blank=True, related_name="movement"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="movement_moves_something", condition=~Q(amount_minor=0)),
        ]
        indexes = [models.Index(fields=["bank_account", "booked_on"], name="movement_by_day")]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount_minor}"


class Part(models.Model):
    """What one payer paid of a movement, or a charge inside it; the parts sum to the movement."""

    movement = models.ForeignKey(Movement, models.PROTECT, related_name="parts")
    amount_minor = models.BigIntegerField()
    ocr = models.CharField(max_length=35, blank=True, db_index=True)
    references = models.TextField(blank=True, help_text="Other references, one a line.")
    message = models.TextField(blank=True)
    end_to_end = models.CharField(max_length=35, blank=True)
    payer_name = models.CharField(max_length=140, blank=True)
    payer_account = models.CharField(max_length=34, blank=True)
    on_behalf_of = models.CharField(max_length=140, blank=True)
    is_charge = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="part_moves_something", condition=~Q(amount_minor=0)),
        ]

    def __str__(self) -> str:
        return f"{self.movement_id} {self.amount_minor}"


class BankLine(models.Model):
    """What a file told at a position: one entry of a statement, and the movement it tells of."""

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField(help_text="1, 2, 3 … in its file.")
    movement = models.ForeignKey(Movement, models.PROTECT, related_name="lines")
    amount_minor = models.BigIntegerField()
    booked_on = models.DateField()
    reference = models.CharField(max_length=80, blank=True, help_text="The bank's own.")
    entry_reference = models.CharField(max_length=80, blank=True, help_text="NtryRef.")
    told = models.JSONField(default=dict, help_text="Its texts, as compared; may be erased.")
    before_minor = models.BigIntegerField(
        null=True, blank=True, help_text="The balance before it, where the statement tells one."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "position"], name="bank_line_once_in_its_statement"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}:{self.position}"
