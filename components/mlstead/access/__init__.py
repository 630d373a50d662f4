"""Who may do what: what bounds roles, the roles of people, those of CI."""
