#!/usr/bin/env python3
"""Measures ecslint, alone and side by side with its peers: `benches/run.py`.

    benches/run.py                  everything; results go to benches/README.md and benches/growth.svg
    benches/run.py instructions     the instructions of each part (needs valgrind), and the plot
    benches/run.py peers            whole processes against cfn-lint, cfn-guard, checkov and ruff
    benches/run.py folders          a thousand templates; a monorepo of 10,000 files
    --runs N                        counted runs of each command (default 7)
    --guard-rules FOLDER            the rules of aws-guard-rules-registry; without them cfn-guard is left out
    --show                          print the results, write nothing

Peers are installed below `target/peers`, in the versions of `benches/peers.txt`. A whole process is measured from outside:
the two commands run in turn, after one run that is not counted; wall time by the clock, processor time and peak memory by
what the kernel says of the finished process. Medians are told, and the median of the ratios of each pair. What cannot be
installed is left out, and said.
"""

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import plot

BENCHES = Path(__file__).resolve().parent
ROOT = BENCHES.parent
PEERS = ROOT / "target" / "peers"
SCRATCH = ROOT / "target" / "bench"
RESULTS = SCRATCH / "results.json"
BUILT = ROOT / "target" / "release" / "ecslint"
ECSLINT = SCRATCH / "bin" / "ecslint"
TEMPLATE = ROOT / "fixtures" / "ecs-cluster-def.yml"
BEGIN, END = "<!-- results: benches/run.py writes them -->\n", "<!-- end of results -->\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=["instructions", "peers", "folders", []], default=[])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--guard-rules", type=lambda it: Path(it).resolve())
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    SCRATCH.mkdir(parents=True, exist_ok=True)
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    parts = args.parts or ["instructions", "peers", "folders"]
    if "instructions" in parts:
        instructions(results)
    if "peers" in parts or "folders" in parts:
        subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=ROOT, check=True)
        # As it is once installed, like its peers: a file that a linker wrote in pieces is mapped page by page.
        ECSLINT.parent.mkdir(exist_ok=True)
        shutil.copy(BUILT, ECSLINT)
        tools = install()
        if "peers" in parts:
            peers(results, tools, args)
        if "folders" in parts:
            folders(results, tools, args)
    results["machine"] = machine()
    RESULTS.write_text(json.dumps(results, indent=1))
    page = report(results)
    print(page)
    if not args.show:
        readme = BENCHES / "README.md"
        head, rest = readme.read_text().split(BEGIN)
        readme.write_text(head + BEGIN + page + END + rest.split(END)[1])
        if "growth" in results:
            (BENCHES / "growth.svg").write_text(plot.svg(results["growth"]))


# Instructions


def instructions(results):
    if not shutil.which("valgrind"):
        print("valgrind is not installed: instructions are not counted", file=sys.stderr)
        return
    runner = PEERS / "bin" / "gungraun-runner"
    if not runner.exists():
        version = wanted()["gungraun-runner"]
        cargo_install("gungraun-runner", version)
    env = dict(os.environ, GUNGRAUN_RUNNER=str(runner), CARGO_TARGET_DIR=str(ROOT / "target" / "instructions"))
    command = ["cargo", "bench", "--quiet", "--bench", "instructions", "--", "--output-format=json"]
    out = subprocess.run(command, cwd=BENCHES / "instructions", env=env, check=True, stdout=subprocess.PIPE, text=True)
    parts, growth = {}, {}
    for line in out.stdout.splitlines():
        if not line.startswith("{"):
            continue
        benchmark = json.loads(line)
        function, name = benchmark["function_name"], benchmark["id"] or ""
        count = benchmark["profiles"][0]["data"]["total"]["metrics"]["Ir"]["values"]["new"]
        if function == "growing":
            what, _, index = name.rpartition("_")
            growth.setdefault(what, {})[2 ** int(index)] = count
        else:
            parts.setdefault(function, {})[name] = count
    results["parts"], results["growth"] = parts, growth


# Whole processes


def run(command, cwd):
    """One process: seconds of the clock, seconds of processors, MB at the peak."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode < 0 or process.returncode in (126, 127):
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    scale = 2**20 if sys.platform == "darwin" else 2**10
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale


def peak(command, cwd):
    """MB at the peak, by GNU time: what this script holds counts for a process that it starts itself. None without it."""
    time_program = shutil.which("time")
    if time_program is None:
        return None
    told = SCRATCH / "peak"
    measured = [time_program, "--quiet", "--format", "%M", "--output", str(told), *command]
    subprocess.run(measured, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return int(told.read_text().split()[-1]) / 2**10


def against(own, other, runs, cwd=ROOT, first=1):
    """Both in turn, `first` times before it counts; the medians of either and of the ratios, pair by pair."""
    pairs = [(run(own, cwd), run(other, cwd)) for _ in range(first + runs)][first:]
    median = statistics.median
    res = {
        "own": [median(it[0][at] for it in pairs) for at in range(3)],
        "other": [median(it[1][at] for it in pairs) for at in range(3)],
        "ratio": [median(it[1][at] / max(it[0][at], 1e-6) for it in pairs) for at in range(3)],
        "runs": runs,
    }
    if runs > 1 and (peaks := [peak(own, cwd), peak(other, cwd)])[0] is not None:
        res["own"][2], res["other"][2] = peaks
        res["ratio"][2] = peaks[1] / peaks[0]
    return res


def peers(results, tools, args):
    own = [str(ECSLINT), "check", str(TEMPLATE)]
    rows = results.setdefault("one template", {})
    if "cfn-lint" in tools:
        rows["cfn-lint"] = against(own, [tools["cfn-lint"], str(TEMPLATE)], args.runs)
    if "cfn-guard" in tools and args.guard_rules:
        guard = [tools["cfn-guard"], "validate", "--data", str(TEMPLATE), "--rules", str(args.guard_rules)]
        rows["cfn-guard, the registry's rules"] = against(own, guard, args.runs)
    if "checkov" in tools:
        checkov = [tools["checkov"], "--file", str(TEMPLATE), "--framework", "cloudformation", "--compact", "--quiet"]
        checkov.append("--skip-download")
        rows["checkov"] = against(own, checkov, args.runs)
    if "ruff" in tools:
        small = SCRATCH / "small.py"
        small.write_text("import os\n\n\ndef main():\n    print(os.getcwd())\n")
        rows["ruff check, a file of 5 lines"] = against(own, [tools["ruff"], "check", "--no-cache", str(small)], 4 * args.runs)


def folders(results, tools, args):
    few = templates(SCRATCH / "templates-100", 100)
    many = templates(SCRATCH / "templates-1000", 1000)
    repository = monorepo(SCRATCH / "monorepo")
    inside = sorted(str(it) for it in repository.rglob("stack-*.yml"))
    own = [str(ECSLINT), "check", "--format", "concise", "."]
    rows = results.setdefault("100 templates", {})
    if "cfn-lint" in tools:
        paths = sorted(str(it) for it in few.iterdir())
        rows["cfn-lint"] = against(own, [tools["cfn-lint"], *paths], 1, few)
    if "checkov" in tools:
        checkov = [tools["checkov"], "--directory", ".", "--framework", "cloudformation", "--compact", "--quiet"]
        rows["checkov"] = against(own, [*checkov, "--skip-download"], 1, few)
    if "cfn-guard" in tools and args.guard_rules:
        guard = [tools["cfn-guard"], "validate", "--data", ".", "--rules", str(args.guard_rules)]
        rows["cfn-guard, the registry's rules"] = against(own, guard, 1, few)
    rows = results.setdefault("1,000 templates", {})
    if "cfn-lint" in tools:
        paths = sorted(str(it) for it in many.iterdir())
        # It takes minutes: what a first run would warm up does not count.
        run(own, many)
        rows["cfn-lint"] = against(own, [tools["cfn-lint"], *paths], 1, many, first=0)
    rows = results.setdefault("10,000 files, 100 of them templates", {})
    reading = ["find", ".", "-type", "f", "-exec", "cat", "{}", "+"]
    rows["`find`, and the bytes of all files read"] = against(own, reading, args.runs, repository)
    if "cfn-lint" in tools:
        rows["cfn-lint, told which 100"] = against(own, [tools["cfn-lint"], *inside], 1, repository)
    if "checkov" in tools:
        rows["checkov"] = against(own, [*checkov, "--skip-download"], 1, repository)


def templates(folder, number):
    """Copies of the template of the project, no two the same."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    text = TEMPLATE.read_text()
    for at in range(number):
        (folder / f"stack-{at}.yml").write_text(text.replace("10.0.", f"10.{at % 250}.") + f"# {at}\n")
    return folder


def monorepo(folder):
    """10,000 files as they lie beside each other: code, notes, data, other YAML and JSON, and 100 templates."""
    shutil.rmtree(folder, ignore_errors=True)
    chance = random.Random(1)
    text = TEMPLATE.read_text()
    code = "".join(f"def function_{it}(value):\n    return value + {it}\n\n\n" for it in range(60))
    manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n" + "  key: value of it\n" * 40
    package = json.dumps({"name": "x", "dependencies": {f"package-{it}": "^1.2.3" for it in range(80)}}, indent=2)
    others = [(".py", code), (".md", "Words about this. " * 200), (".yaml", manifest), (".json", package), (".ts", code), (".txt", "x" * 9000)]
    for at in range(10_000):
        place = folder / f"team-{at % 20}" / f"service-{at % 400}"
        if at < 400:
            place.mkdir(parents=True)
        if at % 100 == 7:
            (place / f"stack-{at}.yml").write_text(text + f"# {at}\n")
        else:
            ending, words = chance.choice(others)
            (place / f"file-{at}{ending}").write_text(words * chance.randint(1, 3) if ending in (".py", ".md", ".ts") else words)
    return folder


# What is installed


def wanted():
    lines = (BENCHES / "peers.txt").read_text().splitlines()
    return dict(it.split("==") for it in lines if it and not it.startswith("#"))


def install():
    """The peers that could be installed, by name."""
    res = {}
    venv = PEERS / "venv"
    versions = wanted()
    if not venv.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    for name in ("cfn-lint", "checkov", "ruff"):
        program = venv / "bin" / name
        stamp = venv / f"{name}-{versions[name]}"
        if not stamp.exists():
            pip = [venv / "bin" / "pip", "install", "--quiet", f"{name}=={versions[name]}"]
            if subprocess.run(pip).returncode == 0:
                stamp.touch()
        if stamp.exists():
            res[name] = str(program)
    guard = PEERS / "bin" / "cfn-guard"
    if guard.exists() or cargo_install("cfn-guard", versions["cfn-guard"]):
        res["cfn-guard"] = str(guard)
    for name in versions.keys() - res.keys() - {"gungraun-runner"}:
        print(f"{name} could not be installed and is left out", file=sys.stderr)
    return res


def cargo_install(name, version):
    command = ["cargo", "install", "--quiet", "--root", str(PEERS), name, "--version", version]
    return subprocess.run(command).returncode == 0


# What is told


def machine():
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [it.split(":")[1].strip() for it in cpuinfo.read_text().splitlines() if it.startswith("model name")]
        model = names[0] if names else model
    compiler = subprocess.run(["rustc", "--version"], stdout=subprocess.PIPE, text=True).stdout.split()[1]
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Rust {compiler}, Python {platform.python_version()}"


def report(results):
    res = f"Measured on: {results['machine']}.\n"
    versions = wanted()
    if "parts" in results:
        res += "\n### Instructions, in millions\n\n"
        columns = ["reading", "resolving", "booting", "checking", "rendering"]
        res += "| template | reading | values | boot | whole check | report |\n|---|---:|---:|---:|---:|---:|\n"
        for name in results["parts"]["reading"]:
            cells = [f"{results['parts'][it][name] / 1e6:,.2f}" for it in columns]
            res += f"| {name.replace('_', ' ')} | {' | '.join(cells)} |\n"
    if "growth" in results:
        sizes = [1, 2, 4, 8, 16, 32, 64]
        res += "\n### Growth: instructions of a whole check, as multiples of the first\n\n![the plot](growth.svg)\n\n"
        res += "| what grows | " + " | ".join(f"{it}x" for it in sizes) + " |\n|---|" + "---:|" * len(sizes) + "\n"
        for what, counts in results["growth"].items():
            counts = {int(size): count for size, count in counts.items()}
            res += f"| {what} | " + " | ".join(f"{counts[it] / counts[1]:,.1f}" for it in sizes) + " |\n"
    for title, rows in results.items():
        if title in ("parts", "growth", "machine"):
            continue
        res += f"\n### Whole processes: {title}\n\n"
        res += "| against | its time | ecslint's time | times faster | its memory | ecslint's memory | part of it | runs |\n|---|---:|---:|---:|---:|---:|---:|---:|\n"
        for name, it in rows.items():
            version = versions.get(name.split(",")[0].split(" ")[0], "")
            res += f"| {name} {version} | {seconds(it['other'][0])} | {seconds(it['own'][0])} | {it['ratio'][0]:,.1f} "
            res += f"| {it['other'][2]:,.0f} MB | {it['own'][2]:,.0f} MB | {1 / it['ratio'][2]:.3f} | {it['runs']} |\n"
    return res


def seconds(value):
    return f"{value * 1000:,.1f} ms" if value < 1 else f"{value:,.1f} s"


if __name__ == "__main__":
    main()
