"""A bare CurlMulti loop: the same bodies to the same addresses, so many in flight, and nothing written down.

`python -m bench.peers.bare '{"url": ..., "page_id": ..., "token": ..., "body": ..., "count": ..., "in_flight": ...}'`
prints `{"seconds": ..., "cpu": ..., "accepted": ...}`.
"""

import json
import resource
import sys
import time

import pycurl

HEADERS = ["Content-Type: application/json", "Accept: application/json", "Expect:"]


def handle() -> pycurl.Curl:
    curl = pycurl.Curl()
    curl.setopt(pycurl.POST, 1)
    curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
    curl.setopt(pycurl.TCP_NODELAY, 1)
    curl.setopt(pycurl.NOSIGNAL, 1)
    curl.setopt(pycurl.WRITEFUNCTION, lambda _data: None)
    return curl


def send(url: str, page_id: str, token: str, body: str, count: int, in_flight: int) -> int:
    """Sends to `customer-1` ... `customer-count`; returns how many were accepted."""
    stem = f"{url}/social/facebook/messenger/pages/{page_id}/customers/customer-"
    data = body.encode()
    multi = pycurl.CurlMulti()
    multi.setopt(pycurl.M_MAXCONNECTS, in_flight)
    free = [handle() for _ in range(in_flight)]
    number = flying = accepted = 0
    while number < count or flying:
        while free and number < count:
            curl, number = free.pop(), number + 1
            curl.setopt(pycurl.URL, f"{stem}{number}/messages?access_token={token}")
            curl.setopt(pycurl.HTTPHEADER, [*HEADERS, f"X-Request-Id: delivery-{number}"])
            curl.setopt(pycurl.POSTFIELDS, data)
            multi.add_handle(curl)
            flying += 1
        multi.perform()
        left = 1
        ended = 0
        while left:
            left, whole, broken = multi.info_read()
            accepted += sum(curl.getinfo(pycurl.RESPONSE_CODE) < 300 for curl in whole)
            for curl in (*whole, *(one[0] for one in broken)):
                multi.remove_handle(curl)
                free.append(curl)
                ended += 1
        flying -= ended
        if not ended and flying:
            multi.select(1.0)
    return accepted


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    values = json.loads(sys.argv[1])
    began, used = time.perf_counter(), cpu_seconds()
    accepted = send(**values)
    print(json.dumps({"seconds": time.perf_counter() - began, "cpu": cpu_seconds() - used, "accepted": accepted}))


if __name__ == "__main__":
    main()
