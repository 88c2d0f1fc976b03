-- 10 000 sessions of one user, and one session with 20 messages, in ADK's own tables.
INSERT INTO sessions
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
SELECT 'desk', 'list', printf('seeded-%07d', i), '{}', unixepoch(), unixepoch()
FROM n;
INSERT INTO sessions
VALUES ('desk', 'history', 'seeded-0000001', '{}', unixepoch(), unixepoch());
INSERT INTO events
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
SELECT 'event-' || i, 'desk', 'history', 'seeded-0000001', 'seeded-' || i, unixepoch() + i,
    json_object(
        'id', 'event-' || i, 'invocation_id', 'seeded-' || i,
        'author', iif(i % 2, 'user', 'desk'), 'timestamp', unixepoch() + i,
        'content', json_object(
            'role', iif(i % 2, 'user', 'model'),
            'parts', json_array(json_object(
                'text', 'Where is my order, please? It was promised for last week. ' || i))))
FROM n;
