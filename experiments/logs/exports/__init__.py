"""The usual exports of chats, forums and mailing lists: a small file for each, registered in `kinds`."""
