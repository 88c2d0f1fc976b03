-- Sends METHOD PATH with BODY, in which %d or %07d stands for a number in the upper half of those
-- below COUNT, drawn anew for every request.
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("id", threads)
end

local method, path = os.getenv("METHOD") or "GET", os.getenv("PATH_FORMAT")
local body, count = os.getenv("BODY"), tonumber(os.getenv("COUNT"))
if body == "" then body = nil end
local headers = body and { ["Content-Type"] = "application/json" }

function init()
    math.randomseed(id)
end

function request()
    local number = math.random(math.floor(count / 2), count - 1)
    return wrk.format(method, string.format(path, number), headers,
        body and string.format(body, number))
end
