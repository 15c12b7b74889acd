"""How the input of a field looks, whoever made its form: ours, a filter's or the log-in's."""

from django import forms, template
from django.utils.safestring import SafeString

from invest.web.fields import look_of

register = template.Library()


@register.filter
def dressed(field: forms.BoundField) -> SafeString:
    """The field's input with the class of its widget, unless the form has given it one."""
    widget = field.field.widget
    look = look_of(widget)
    return field.as_widget(attrs={"class": look} if look and "class" not in widget.attrs else None)
