"""What inventories cost at scale: size, merging time and memory, for one API and for many hosts.

    python3 integrations/spark/scale.py target/release/harcov

Prints two tables in Markdown. The first sums captures of one API up, doubling the number of captures
until it stands for 10^9 exchanges: the captures are copies of one inventory under other identities,
so that only merging is measured. The second takes inventories of captures that each call 1,000 hosts
that no other calls, up to 10^6 hosts.
"""

import argparse
import hashlib
import json
import pathlib
import resource
import subprocess
import tempfile
import time

DAY = "2026-01-01T00:00:{:06.3f}Z"


def entry(url, method="GET", second=0.0, body=None, answer=None):
    """One exchange of JSON."""
    request = {"method": method, "url": url, "headers": []}
    if body is not None:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(body)}
    content = {"mimeType": "application/json", "text": json.dumps(answer or {"ok": True})}
    return {
        "startedDateTime": DAY.format(second % 60),
        "request": request,
        "response": {"status": 200, "headers": [], "content": content},
    }


def shop(number, exchanges):
    """A capture of one API with 40 endpoints, whose ids no other capture has."""
    entries = []
    for at in range(exchanges):
        noun = f"thing{at % 20}s"
        ident = int(hashlib.sha256(f"{number} {at}".encode()).hexdigest()[:12], 16)
        url = f"https://api.shop.example/v1/{noun}"
        if at % 2:
            entries.append(entry(f"{url}/{ident}", second=at / 1000, answer={"id": ident, "name": "x"}))
        else:
            body = {"kind": "GIFT", "amount": at}
            entries.append(entry(url, "POST", at / 1000, body, {"id": ident, "state": "NEW"}))
    return {"log": {"version": "1.2", "entries": entries}}


def hosts(number, count):
    """A capture that calls hosts of its own."""
    entries = [
        entry(f"https://api.tenant-{number}-{at}x.example/v1/orders/{at}", second=at / 1000, answer={"id": at})
        for at in range(count)
    ]
    return {"log": {"version": "1.2", "entries": entries}}


def run(program, args, folder):
    """Runs harcov; gives seconds of processor time and the peak of its memory so far, in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    subprocess.run([program, *args, "--no-config", "--quiet"], cwd=folder, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime, time.monotonic() - started, after.ru_maxrss / 1024


def one_api(program, folder, exchanges, fan_in, levels):
    (folder / "shop.har").write_text(json.dumps(shop(0, exchanges)))
    run(program, ["inventory", "shop.har", "-o", "sum.json"], folder)
    text = (folder / "sum.json").read_text()
    print("| exchanges | captures | inventory | merged in, a capture | peak memory |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    captures = 1
    for level in range(levels):
        parts = []
        for copy in range(fan_in):
            name = f"part-{level}-{copy}.json"
            (folder / name).write_text(relabelled(text, str(copy)))
            parts.append(name)
        seconds, _, memory = run(program, ["inventory", "--fold", *parts, "-o", "sum.json"], folder)
        captures *= fan_in
        text = (folder / "sum.json").read_text()
        size = len(text)
        print(
            f"| {captures * exchanges:,} | {captures:,} | {size / 1e6:.2f} MB "
            f"| {seconds / captures * 1e6:.1f} µs | {memory:.0f} MB |",
            flush=True,
        )
        for name in parts:
            (folder / name).unlink()


def relabelled(text, mark):
    """The inventory of other captures: each identity gets the mark at its end, so that their order stays."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if line.startswith('{"capture":{"id":"'):
            end = line.index('"', 18)
            lines[at] = line[:end] + mark + line[end:]
    return "\n".join(lines)


def many_hosts(program, folder, each, steps):
    print("| hosts | inventory | a host | merged in | peak memory |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    made, parts = 0, []
    for count in steps:
        while made < count:
            (folder / "hosts.har").write_text(json.dumps(hosts(made, each)))
            name = f"hosts-{made}.json"
            run(program, ["inventory", "hosts.har", "-o", name], folder)
            parts.append(name)
            made += each
        seconds, _, memory = run(program, ["inventory", "--fold", *parts, "-o", "hosts.json"], folder)
        size = (folder / "hosts.json").stat().st_size
        print(
            f"| {made:,} | {size / 1e6:.1f} MB | {size / made:.0f} bytes | {seconds:.1f} s | {memory:.0f} MB |",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--hosts", type=int, default=1_000_000)
    args = parser.parse_args()
    program = str(pathlib.Path(args.program).resolve())
    with tempfile.TemporaryDirectory(prefix="harcov-scale-") as name:
        folder = pathlib.Path(name)
        one_api(program, folder, exchanges=10_000, fan_in=10, levels=5)
        print()
        steps = [count for count in (1_000, 10_000, 100_000, 1_000_000) if count <= args.hosts]
        many_hosts(program, folder, 1_000, steps)


if __name__ == "__main__":
    main()
