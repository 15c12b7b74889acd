"""Statement files in: `camt` reads them, `references` checks what payers wrote, `intake` books."""
