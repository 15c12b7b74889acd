"""What lines and statements told before stands with files and movements now."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('pools', '0004_tell_movements')]

    operations = [
        migrations.RemoveField(
            model_name='bankline',
            name='entry',
        ),
        migrations.RemoveField(
            model_name='bankline',
            name='is_reversal',
        ),
        migrations.RemoveField(
            model_name='bankline',
            name='key',
        ),
        migrations.RemoveField(
            model_name='bankline',
            name='message',
        ),
        migrations.RemoveField(
            model_name='bankline',
            name='ocr',
        ),
        migrations.RemoveField(
            model_name='bankline',
            name='payer_account',
        ),
        migrations.RemoveField(
            model_name='bankline',
            name='payer_name',
        ),
        migrations.RemoveField(
            model_name='bankstatement',
            name='file_name',
        ),
        migrations.RemoveField(
            model_name='bankstatement',
            name='file_sha256',
        ),
        migrations.RemoveField(
            model_name='bankstatement',
            name='imported_at',
        ),
        migrations.RemoveField(
            model_name='bankstatement',
            name='imported_by',
        ),
        migrations.AlterField(
            model_name='bankstatement',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='pools.bankfile'),
        ),
        migrations.AlterField(
            model_name='bankline',
            name='movement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='pools.movement'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.UniqueConstraint(fields=('statement', 'position'), name='bank_line_once_in_its_statement'),
        ),
    ]
