-- Takes messages through their whole life: ten are sent, then pulled together, then acknowledged
-- together. Each thread of wrk works on an agent of its own, so no other takes its messages.
-- Prints the messages acknowledged per second in place of the requests.
local threads = {}

function setup(thread)
    table.insert(threads, thread)
    thread:set("id", #threads)
end

local json = { ["Content-Type"] = "application/json" }

function init()
    local address = "agent-" .. id
    acked, sent = 0, 0
    full = {}
    ackPath = "/v1/inboxes/" .. address .. "/ack"
    sending = wrk.format("POST", "/v1/messages", json, string.format(
        '{"aiAgentAddress": "%s", "payload": {"text": "Where is my order, please?"}}', address))
    pulling = wrk.format(
        "POST", "/v1/inboxes/" .. address .. "/pull", json, '{"maxMessages": 10}')
end

function request()
    if #full > 0 then
        return wrk.format("POST", ackPath, json, table.remove(full, 1))
    end
    if sent >= 10 then
        sent = sent - 10
        return pulling
    end
    return sending
end

-- Which request is answered is told by the answer itself, because all connections share a thread.
function response(status, headers, body)
    if status == 202 then
        sent = sent + 1
    elseif string.find(body, '"receivedMessages"', 1, true) then
        local ids = {}
        for ackID in string.gmatch(body, '"ackId":("[^"]+")') do table.insert(ids, ackID) end
        if #ids > 0 then
            table.insert(full, '{"ackIds": [' .. table.concat(ids, ",") .. "]}")
        end
    else
        local _, count = string.gsub(body, '"status":"acked"', "")
        acked = acked + count
    end
end

function done(summary, latency, requests)
    local total = 0
    for _, thread in ipairs(threads) do total = total + thread:get("acked") end
    local errors = summary.errors
    io.write(string.format("RESULT %.0f %.2f %.2f %d\n",
        total / (summary.duration / 1e6),
        latency:percentile(50) / 1000, latency:percentile(99) / 1000,
        errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
