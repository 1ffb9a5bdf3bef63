"""Who reads a list: subscribers, the tokens in their mails, and what comes back when a mail could not be delivered."""
