"""Old messages: how long a business keeps them, the files that they are archived to, and how they
then go from the database, without anybody waiting for it."""
