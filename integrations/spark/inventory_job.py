"""One inventory of captures on any Hadoop file system, by Spark.

Captures are grouped into partitions; each partition runs `harcov inventory` once, over a folder
that holds its captures under their own names, and gives one inventory. Inventories are then joined
by `harcov inventory A B C`, level by level, until one is left. Joining is associative, commutative
and idempotent by the identity of captures, so neither the order of partitions, nor a retried or
speculative task changes a byte of the result.

    spark-submit --files target/release/harcov inventory_job.py hdfs:///captures out/

A capture that cannot be read costs its own entries: it is named on stderr and counted.
"""

import argparse
import os
import pathlib
import posixpath
import shutil
import stat
import subprocess
import sys
import tempfile
from urllib.parse import unquote, urlsplit

from pyspark import SparkFiles
from pyspark.sql import SparkSession

# What `harcov` ends with where a capture could not be read; what could be is written all the same.
EXIT_ERROR = 2


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("captures", help="folder of captures, on any file system Spark reads")
    parser.add_argument("out", help="local folder for inventory.json and report.md")
    parser.add_argument("--binary", default="harcov", help="name of the program shipped with --files")
    parser.add_argument("--pattern", default="*", help="file names to read, such as *.har")
    parser.add_argument("--partitions", type=int, default=0, help="by default 4 for each core")
    parser.add_argument("--fan-in", type=int, default=16, help="inventories joined by one process")
    parser.add_argument("--fold", action="store_true", help="sum all captures up: a smaller inventory")
    return parser.parse_args()


def program(name):
    """The program where this task runs: shipped by --files, or on the PATH."""
    shipped = pathlib.Path(SparkFiles.get(name))
    if not shipped.exists():
        return shutil.which(name) or name
    if not os.access(shipped, os.X_OK):
        shipped.chmod(shipped.stat().st_mode | stat.S_IXUSR)
    return str(shipped)


def run(command, folder, fine=(0,)):
    """Runs harcov; its messages go to stderr, and an exit code that is not fine fails the task."""
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    sys.stderr.write(done.stderr.decode(errors="replace"))
    if done.returncode not in fine:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[-500:]!r}")
    return done.stdout


def relative(path, root):
    """The name of a capture: its path below the root, and nothing above it."""
    name = unquote(urlsplit(path).path)
    name = posixpath.relpath(name, root)
    if name.startswith("../") or posixpath.isabs(name):
        raise ValueError(f"{name} lies outside of {root}")
    return name


def take_inventory(binary, root):
    """A function from a partition's captures to its inventory."""

    def of(rows):
        with tempfile.TemporaryDirectory(prefix="harcov-") as folder:
            given = 0
            for row in rows:
                file = pathlib.Path(folder, relative(row.path, root))
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(row.content)
                given += 1
            if given == 0:
                return
            command = [program(binary), "inventory", "--no-config", "."]
            yield given, run(command, folder, (0, EXIT_ERROR))

    return of


def join(binary, fold):
    """A function from a partition's inventories to one."""

    def of(inventories):
        with tempfile.TemporaryDirectory(prefix="harcov-") as folder:
            names, given = [], 0
            for number, (count, inventory) in enumerate(inventories):
                given += count
                if inventory:
                    names.append(f"{number}.json")
                    pathlib.Path(folder, names[-1]).write_bytes(inventory)
            if not names:
                if given:
                    yield given, b""
                return
            command = [program(binary), "inventory", "--no-config", "--quiet"]
            yield given, run(command + (["--fold"] if fold else []) + names, folder)

    return of


def main():
    args = arguments()
    spark = SparkSession.builder.appName("harcov inventory").getOrCreate()
    context = spark.sparkContext
    partitions = args.partitions or 4 * context.defaultParallelism
    files = (
        spark.read.format("binaryFile")
        .option("recursiveFileLookup", "true")
        .option("pathGlobFilter", args.pattern)
        .load(args.captures)
    )
    # The root as Spark writes it in `path`, without scheme and host.
    jpath = context._jvm.org.apache.hadoop.fs.Path(args.captures)
    fs = jpath.getFileSystem(context._jsc.hadoopConfiguration())
    root = fs.makeQualified(jpath).toUri().getPath()
    taken = (
        files.select("path", "content")
        .repartition(partitions, "path")
        .rdd.mapPartitions(take_inventory(args.binary, root))
    )
    left = partitions
    while left > 1:
        left = max(1, -(-left // args.fan_in))
        taken = taken.coalesce(left, shuffle=True).mapPartitions(join(args.binary, args.fold and left == 1))
    [(given, inventory)] = taken.collect() or [(0, b"")]
    if not inventory:
        sys.exit(f"none of {given} captures could be read")
    out = pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "inventory.json").write_bytes(inventory)
    report = run([program(args.binary), "report", "--no-config", "--quiet", "inventory.json"], out)
    (out / "report.md").write_bytes(report)
    print(f"{given} captures: {out / 'inventory.json'}, {out / 'report.md'}")
    spark.stop()


if __name__ == "__main__":
    main()
