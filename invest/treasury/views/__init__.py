"""The treasurer's pages: files in, what each payment became, and the accounts themselves."""
