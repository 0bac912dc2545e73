-- Version 4 of the store. Packets that left with an option in clear; before, they were counted as sealed.
ALTER TABLE windows ADD COLUMN sent_clear INTEGER NOT NULL DEFAULT 0;

PRAGMA user_version = 4;
