-- The same turns in ADK's words.
turn = {
    path = "/run",
    body = '{"app_name": "desk", "user_id": "bench", "session_id": "bench-%d-%d", "new_message": '
        .. '{"role": "user", "parts": [{"text": "What\'s the status of my order ORD-%d?"}]}}',
}
dofile("Benchmarks/turn.lua")
