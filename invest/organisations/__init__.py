"""Organisations: founded, given roles, shown to everybody, and watched for limits of law."""
