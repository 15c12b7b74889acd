"""Files as received, movements and their parts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('pools', '0002_krona')]

    operations = [
        migrations.CreateModel(
            name='BankFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('name', models.CharField(max_length=255)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('received_at', models.DateTimeField()),
                ('received_by', models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name='BankMode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('A', 'For capital alone'), ('B', 'Shared with the bookkeeping program')], max_length=1)),
                ('since', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_minor', models.BigIntegerField()),
                ('booked_on', models.DateField(help_text="The bank's day: from then on it counts.")),
                ('message', models.TextField(blank=True, help_text='What the bank says of the whole of it.')),
                ('is_reversal', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_minor', models.BigIntegerField()),
                ('ocr', models.CharField(blank=True, db_index=True, max_length=35)),
                ('references', models.TextField(blank=True, help_text='Other references, one a line.')),
                ('message', models.TextField(blank=True)),
                ('end_to_end', models.CharField(blank=True, max_length=35)),
                ('payer_name', models.CharField(blank=True, max_length=140)),
                ('payer_account', models.CharField(blank=True, max_length=34)),
                ('on_behalf_of', models.CharField(blank=True, max_length=140)),
                ('is_charge', models.BooleanField(default=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='bankline',
            name='bank_line_moves_something',
        ),
        migrations.RemoveConstraint(
            model_name='bankstatement',
            name='statement_imported_once',
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='calls_since',
            field=models.DateField(blank=True, help_text='Since when calls ask to be paid here; the newest rules.', null=True),
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='ended_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='opening',
            field=models.OneToOneField(blank=True, help_text='What stood there before the first statement.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opens_bank_account', to='pools.entry'),
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='plusgiro',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name='bankline',
            name='before_minor',
            field=models.BigIntegerField(blank=True, help_text='The balance before it, where the statement tells one.', null=True),
        ),
        migrations.AddField(
            model_name='bankline',
            name='entry_reference',
            field=models.CharField(blank=True, help_text='NtryRef.', max_length=80),
        ),
        migrations.AddField(
            model_name='bankline',
            name='position',
            field=models.PositiveIntegerField(default=0, help_text='1, 2, 3 … in its file.'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='bankline',
            name='reference',
            field=models.CharField(blank=True, help_text="The bank's own.", max_length=80),
        ),
        migrations.AddField(
            model_name='bankline',
            name='told',
            field=models.JSONField(default=dict, help_text='Its texts, as compared; may be erased.'),
        ),
        migrations.AddField(
            model_name='bankstatement',
            name='kind',
            field=models.CharField(choices=[('053', 'Statement'), ('054', 'Notification')], default='054', max_length=3),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='bankstatement',
            name='made_at',
            field=models.DateTimeField(blank=True, help_text='When the bank wrote it.', null=True),
        ),
        migrations.AddField(
            model_name='bankstatement',
            name='opening_minor',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='bankstatement',
            name='opens_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='bankaccount',
            name='unmatched',
            field=models.OneToOneField(help_text='What is not yet placed.', on_delete=django.db.models.deletion.PROTECT, related_name='waits_for', to='pools.account'),
        ),
        migrations.AddField(
            model_name='bankstatement',
            name='file',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='pools.bankfile'),
        ),
        migrations.AddIndex(
            model_name='bankstatement',
            index=models.Index(fields=['bank_account', 'closes_on'], name='statement_by_day'),
        ),
        migrations.AddField(
            model_name='bankmode',
            name='bank_account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='modes', to='pools.bankaccount'),
        ),
        migrations.AddField(
            model_name='movement',
            name='bank_account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='pools.bankaccount'),
        ),
        migrations.AddField(
            model_name='movement',
            name='entry',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movement', to='pools.entry'),
        ),
        migrations.AddField(
            model_name='bankline',
            name='movement',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='pools.movement'),
        ),
        migrations.AddField(
            model_name='part',
            name='movement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='pools.movement'),
        ),
        migrations.AddConstraint(
            model_name='bankmode',
            constraint=models.UniqueConstraint(fields=('bank_account', 'since'), name='bank_mode_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='bankmode',
            constraint=models.CheckConstraint(condition=models.Q(('mode__in', ['A', 'B'])), name='bank_mode_is_known'),
        ),
        migrations.AddIndex(
            model_name='movement',
            index=models.Index(fields=['bank_account', 'booked_on'], name='movement_by_day'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor', 0), _negated=True), name='movement_moves_something'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor', 0), _negated=True), name='part_moves_something'),
        ),
    ]
