"""What the Send API takes, before it looks at who is written to. Pure; a check raises Graph's Refusal."""
