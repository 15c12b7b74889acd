"""Places, gatherings, producers, purchases and vouchers, gates and assessments."""

from datetime import date

import django.db.models.deletion
import django.utils.timezone
import invest.models.pledges
from django.db import migrations, models


# It was read by nobody: that groups of fewer than five are not told is no setting.
UNREAD = ("public-group-minimum", 5, "House rule: public figures hide groups of fewer savers")


def drop(apps, schema_editor):
    apps.get_model("invest", "Setting").objects.filter(key=UNREAD[0]).delete()


def put_back(apps, schema_editor):
    key, value, source = UNREAD
    first = {"key": key, "valid_from": date(2000, 1, 1), "value": value, "source": source}
    apps.get_model("invest", "Setting").objects.create(**first)


class Migration(migrations.Migration):

    dependencies = [
        ('invest', '0010_fair_first_rows'),
        ('pools', '0002_krona'),
    ]

    operations = [
        migrations.RunPython(drop, put_back),
        migrations.AddField(
            model_name='stageevent',
            name='lacking',
            field=models.JSONField(blank=True, default=list, help_text='Codes of what was passed over, for the reason given.'),
        ),
        migrations.AddField(
            model_name='vehicle',
            name='grew_from',
            field=models.ForeignKey(blank=True, help_text='The purchase group that became it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grew_into', to='invest.vehicle'),
        ),
        migrations.AlterField(
            model_name='letter',
            name='kind',
            field=models.CharField(choices=[('receipt', 'Receipts'), ('confirm', 'Questions whether a promise still stands'), ('call', 'Calls for payment'), ('follow-up', 'Questions about what became of it'), ('news', 'News from projects'), ('gathering', 'Gatherings you have signed up for')], max_length=10),
        ),
        migrations.AlterField(
            model_name='unwanted',
            name='kind',
            field=models.CharField(choices=[('receipt', 'Receipts'), ('confirm', 'Questions whether a promise still stands'), ('call', 'Calls for payment'), ('follow-up', 'Questions about what became of it'), ('news', 'News from projects'), ('gathering', 'Gatherings you have signed up for')], max_length=10),
        ),
        migrations.CreateModel(
            name='Gathering',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('form', models.CharField(choices=[('meeting', 'Meeting'), ('working-group', 'Working group'), ('interest-group', 'Interest group'), ('study-circle', 'Study circle'), ('festival', 'Festival'), ('market', 'Market'), ('theme-week', 'Theme week'), ('fair', 'Local investment fair')], max_length=14)),
                ('name', models.CharField(max_length=120)),
                ('about_sv', models.TextField(blank=True)),
                ('about_en', models.TextField(blank=True)),
                ('venue', models.CharField(max_length=120)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('most', models.PositiveIntegerField(blank=True, help_text='How many have room.', null=True)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('became_sv', models.TextField(blank=True, help_text='What became of it.')),
                ('became_en', models.TextField(blank=True)),
                ('fair', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gathering', to='invest.fair')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gatherings', to='invest.organisation')),
            ],
            options={
                'ordering': ['starts_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='GatheringChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(help_text='Opaque: user:7.', max_length=60)),
                ('was_at', models.DateTimeField()),
                ('was_in', models.CharField(max_length=120)),
                ('reason', models.CharField(max_length=300)),
                ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='invest.gathering')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('municipality', models.CharField(max_length=60)),
                ('postcodes', models.CharField(blank=True, help_text='831 00–831 99, 832 10', max_length=120)),
                ('about_sv', models.TextField(blank=True)),
                ('about_en', models.TextField(blank=True)),
                ('organisation', models.ForeignKey(help_text='The group that keeps it.', on_delete=django.db.models.deletion.PROTECT, related_name='places', to='invest.organisation')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='gathering',
            name='place',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gatherings', to='invest.place'),
        ),
        migrations.CreateModel(
            name='AssetCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('skill', 'Skill'), ('room', 'Room'), ('land', 'Land'), ('tool', 'Tool or machine'), ('shop', 'Shop or workshop'), ('organisation', 'Organisation'), ('money', 'Money that lies idle'), ('energy', 'Energy'), ('story', 'Story')], max_length=12)),
                ('side', models.CharField(choices=[('have', 'We have'), ('lack', 'We lack')], default='have', max_length=4)),
                ('title', models.CharField(max_length=120)),
                ('text', models.CharField(blank=True, max_length=400)),
                ('quantity', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ('contact_agreed_at', models.DateTimeField(blank=True, null=True)),
                ('token', models.CharField(default=invest.models.pledges.new_token, max_length=32, unique=True)),
                ('key', models.CharField(help_text='Made before the first send.', max_length=80, unique=True)),
                ('added_by', models.CharField(help_text='Opaque: user:7, public, import:…', max_length=60)),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('removed_by', models.CharField(blank=True, help_text='Opaque: user:7, public.', max_length=60)),
                ('removed_why', models.CharField(blank=True, max_length=200)),
                ('in_kind', models.OneToOneField(blank=True, help_text='The promise that it became.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='asset_card', to='invest.inkind')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='asset_cards', to='invest.person')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pools.unit')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='invest.place')),
            ],
            options={
                'ordering': ['-added_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Producer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('sort', models.CharField(choices=[('food', 'Food and drink'), ('craft', 'Craft and repair'), ('service', 'Services'), ('stay', 'Eat, stay, meet'), ('other', 'Other things')], default='other', max_length=8)),
                ('what_sv', models.CharField(max_length=240)),
                ('what_en', models.CharField(blank=True, max_length=240)),
                ('address', models.CharField(blank=True, max_length=160)),
                ('hours', models.CharField(blank=True, max_length=160)),
                ('web', models.URLField(blank=True)),
                ('phone', models.CharField(blank=True, max_length=30)),
                ('phone_agreed_on', models.DateField(blank=True, help_text='The day they agreed that it is shown; empty: it is not.', null=True)),
                ('takes_currency', models.BooleanField(default=False)),
                ('takes_vouchers', models.BooleanField(default=False)),
                ('agreed_on', models.DateField(help_text='The day they agreed to be listed.')),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('card', models.OneToOneField(blank=True, help_text='The card of the inventory that it was made from.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='producer', to='invest.assetcard')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='producer_pages', to='invest.organisation')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='producers', to='invest.place')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='SignUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.PositiveSmallIntegerField(default=1)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('signed_up_at', models.DateTimeField()),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('came', models.BooleanField(help_text='Empty: not told.', null=True)),
                ('token', models.CharField(default=invest.models.pledges.new_token, max_length=32, unique=True)),
                ('key', models.CharField(help_text='Made before the first send.', max_length=80, unique=True)),
                ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_ups', to='invest.gathering')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sign_ups', to='invest.person')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StageAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30)),
                ('is_met', models.BooleanField()),
                ('words', models.CharField(max_length=300)),
                ('on', models.DateField()),
                ('actor', models.CharField(help_text='Opaque: user:7.', max_length=60)),
                ('at', models.DateTimeField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stage_answers', to='invest.project')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='VoucherCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='1, 2, 3 … in each vehicle.')),
                ('code', models.CharField(help_text='64 random bits, base 32.', max_length=13, unique=True)),
                ('worth', models.PositiveIntegerField(help_text='Whole kronor.')),
                ('left', models.PositiveIntegerField()),
                ('valid_until', models.DateField(help_text='Last day, inclusive.')),
                ('ended_on', models.DateField(blank=True, help_text='The day it lapsed, or was taken back.', null=True)),
                ('deed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voucher_codes', to='invest.deed')),
                ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voucher_codes', to='invest.vehicle')),
            ],
            options={
                'ordering': ['vehicle', 'number'],
            },
        ),
        migrations.CreateModel(
            name='VoucherUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worth', models.PositiveIntegerField(help_text='Whole kronor.')),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('key', models.CharField(help_text='Made before the first send.', max_length=80, unique=True)),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='voucher_use', to='pools.entry')),
                ('holding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voucher_uses', to='invest.holding')),
                ('voucher', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='invest.vouchercode')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('pays', models.CharField(choices=[('yes', 'Yes'), ('not-yet', 'Not yet, but we see when'), ('no', 'No')], help_text='Whether it pays its way.', max_length=8)),
                ('answers', models.JSONField(help_text='Question code → 0…4.')),
                ('evidence', models.JSONField(default=dict, help_text='Question code, or pays → what shows it.')),
                ('words', models.CharField(blank=True, help_text='What to work with until then.', max_length=400)),
                ('next_on', models.DateField(help_text='When to look again.')),
                ('actor', models.CharField(help_text='Opaque: user:7.', max_length=60)),
                ('at', models.DateTimeField()),
                ('key', models.CharField(help_text='Made before the first send.', max_length=80, unique=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='invest.project')),
            ],
            options={
                'ordering': ['project', '-on', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('next_on__gt', models.F('on'))), name='assessment_next_is_later'), models.CheckConstraint(condition=models.Q(('pays__in', ['yes', 'not-yet', 'no'])), name='assessment_pays_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Cooperation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(help_text='What they do: coffee, the hall, advice.', max_length=160)),
                ('invited_on', models.DateField()),
                ('accepted_on', models.DateField(blank=True, null=True)),
                ('declined_on', models.DateField(blank=True, null=True)),
                ('token', models.CharField(default=invest.models.pledges.new_token, max_length=32, unique=True)),
                ('fair', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cooperations', to='invest.fair')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cooperations', to='invest.organisation')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cooperations', to='invest.project')),
                ('gathering', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cooperations', to='invest.gathering')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('fair__isnull', True), ('gathering__isnull', False), ('project__isnull', True)), models.Q(('fair__isnull', False), ('gathering__isnull', True), ('project__isnull', True)), models.Q(('fair__isnull', True), ('gathering__isnull', True), ('project__isnull', False)), _connector='OR'), name='cooperation_in_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='JoinInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=invest.models.pledges.new_token, max_length=32, unique=True)),
                ('invited_on', models.DateField()),
                ('declined_on', models.DateField(blank=True, null=True)),
                ('offering', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='invest.offering')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='invest.person')),
                ('pledge', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to='invest.pledge')),
            ],
            options={
                'ordering': ['offering', 'id'],
                'constraints': [models.UniqueConstraint(fields=('offering', 'person'), name='invited_once'), models.CheckConstraint(condition=models.Q(('pledge__isnull', True), ('declined_on__isnull', True), _connector='OR'), name='invitation_has_one_answer')],
            },
        ),
        migrations.CreateModel(
            name='Minute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('note', 'Note'), ('decision', 'Decision'), ('task', 'To do')], max_length=8)),
                ('text', models.CharField(max_length=600)),
                ('who', models.CharField(blank=True, max_length=120)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('done_on', models.DateField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, max_length=300)),
                ('actor', models.CharField(help_text='Opaque: user:7.', max_length=60)),
                ('at', models.DateTimeField()),
                ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='minutes', to='invest.gathering')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='minutes', to='invest.project')),
            ],
            options={
                'ordering': ['gathering', 'number'],
                'constraints': [models.UniqueConstraint(fields=('gathering', 'number'), name='minute_number_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.UniqueConstraint(fields=('municipality', 'name'), name='place_name_once'),
        ),
        migrations.AddConstraint(
            model_name='gathering',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='gathering_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='assetcard',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__isnull', True), models.Q(('quantity__gt', 0), ('unit__isnull', False)), _connector='OR'), name='asset_card_quantity_has_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='producer',
            constraint=models.UniqueConstraint(fields=('place', 'name'), name='producer_name_once'),
        ),
        migrations.AddConstraint(
            model_name='signup',
            constraint=models.CheckConstraint(condition=models.Q(('party__gte', 1)), name='sign_up_of_somebody'),
        ),
        migrations.AddConstraint(
            model_name='stageanswer',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='stage_answer_has_words'),
        ),
        migrations.AddConstraint(
            model_name='vouchercode',
            constraint=models.UniqueConstraint(fields=('vehicle', 'number'), name='voucher_number_once'),
        ),
        migrations.AddConstraint(
            model_name='vouchercode',
            constraint=models.CheckConstraint(condition=models.Q(('left__gte', 0), ('left__lte', models.F('worth')), ('worth__gte', 1)), name='voucher_used_at_most_once'),
        ),
        migrations.AddConstraint(
            model_name='vouchercode',
            constraint=models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('left', 0), _connector='OR'), name='voucher_ended_has_nothing_left'),
        ),
        migrations.AddConstraint(
            model_name='voucheruse',
            constraint=models.CheckConstraint(condition=models.Q(('worth__gte', 1)), name='voucher_use_of_something'),
        ),
    ]
