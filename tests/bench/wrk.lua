-- wrk -s wrk.lua URL -- FILE: targets of the file, one a line, in turns; each thread begins elsewhere.
local requests, at, threads = {}, 0, 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init(args)
    for line in io.lines(args[1]) do
        requests[#requests + 1] = wrk.format("GET", line)
    end
    at = number * 977 % #requests
end

function request()
    at = at % #requests + 1
    return requests[at]
end

function done(summary, latency)
    io.write(string.format(
        'RESULT {"rps":%.1f,"p50_us":%d,"p99_us":%d,"errors":%d,"answers":%d}\n',
        summary.requests / summary.duration * 1e6, latency:percentile(50), latency:percentile(99),
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status
            + summary.errors.timeout, summary.requests))
end
