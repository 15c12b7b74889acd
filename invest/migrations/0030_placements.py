"""What a part of a movement became, in place of pairings with lines."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invest', '0019_words_beside_rows'),
        ('pools', '0005_movements_alone'),
    ]

    operations = [
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('payment', 'Payment of a call'), ('confirmed', 'Told by the bank of what the book has'), ('returned', 'Set off against its return'), ('sent-back', 'Sent back'), ('transferred', 'Between own accounts'), ('held', 'Held for somebody'), ('fee', "The bank's fee"), ('bookkeeper', "The bookkeeper's")], max_length=11)),
                ('amount_minor', models.BigIntegerField()),
                ('how', models.CharField(choices=[('auto', 'By reference'), ('manual', 'By hand')], max_length=6)),
                ('counts_from', models.DateField(help_text="The bank's day.")),
                ('counted_until', models.DateField(blank=True, help_text='Of what is undone: that day and later it does not count. The first day: never.', null=True)),
                ('against', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='set_off_by', to='pools.part')),
                ('call', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='invest.call')),
                ('confirms', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='pools.entry')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='placement', to='pools.entry')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='pools.part')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='held_for', to='invest.person')),
            ],
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gte', 1)), name='placement_amount_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('against', None), ('call__isnull', False), ('confirms', None), ('kind', 'payment'), ('person', None)), models.Q(('against', None), ('call', None), ('confirms__isnull', False), ('kind', 'confirmed'), ('person', None)), models.Q(('against__isnull', False), ('call', None), ('confirms', None), ('kind__in', ['returned', 'sent-back', 'transferred']), ('person', None)), models.Q(('against', None), ('call', None), ('confirms', None), ('kind', 'held')), models.Q(('against', None), ('call', None), ('confirms', None), ('kind__in', ['fee', 'bookkeeper']), ('person', None)), _connector='OR'), name='placement_has_the_one_target_of_its_kind'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('counted_until', None), ('counted_until__gte', models.F('counts_from')), _connector='OR'), name='placement_counted_until_after_it_counts'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('against', models.F('part')), _negated=True), name='placement_not_against_itself'),
        ),
    ]
