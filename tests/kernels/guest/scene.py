"""Two hosts on one link, their agents and a collector: what the checks of a kernel look at."""

import ctypes
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
PDM6 = REPOSITORY / "src/Pdm6.Cli/bin/Release/net10.0/pdm6"
INTERFACE = "eth0"
COLLECTOR_PORT, WEB_PORT = 8651, 8650
PATIENCE_SECONDS = 600  # an emulated machine on a busy one
LOOKS_A_SECOND = 10
VLAN = 7
KERNEL = tuple(int(part) for part in re.match(r"(\d+)\.(\d+)", os.uname().release).groups())
HAS_TCX = KERNEL >= (6, 6)
RULES = [{"name": name, "protocols": [name]} for name in ("udp", "tcp", "icmpv6")]
LIBC = ctypes.CDLL(None, use_errno=True)  # os.setns is from Python 3.12 on
NETWORK_NAMESPACE = 0x40000000


def run(*command):
    """Runs a program to its end; its output, or an exception with what it said."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def wait_until(condition, otherwise):
    """What condition() returns as soon as it is true; otherwise() tells what is wrong when it never is.

    Patience is counted in looks, not by the clock: that goes on while the whole machine stands still.
    """
    for _ in range(PATIENCE_SECONDS * LOOKS_A_SECOND):
        if result := condition():
            return result
        time.sleep(1 / LOOKS_A_SECOND)
    raise TimeoutError(otherwise())


class Host:
    """A network namespace with a measured link, a VLAN on it, and a link to the collector."""

    def __init__(self, name, number):
        self.name = name
        self.address = f"2001:db8::{number}"
        self.vlan_address = f"2001:db8:{VLAN}::{number}"
        self.collector = f"fd00:{number}::ff"
        self._agent = None

    def build(self, number):
        run("ip", "netns", "add", self.name)
        self.ip("link", "set", "lo", "up")
        run("ip", "link", "add", f"to-{self.name}", "type", "veth", "peer", "name", "report0", "netns", self.name)
        run("ip", "link", "set", f"to-{self.name}", "up")
        run("ip", "addr", "add", f"{self.collector}/64", "dev", f"to-{self.name}", "nodad")
        self.ip("link", "set", "report0", "up")
        self.ip("addr", "add", f"fd00:{number}::1/64", "dev", "report0", "nodad")

    def address_link(self):
        if not HAS_TCX:
            # As docs/kernels.md tells operators: an agent that had to add it would make the kernel drop packets.
            self.inside("tc", "qdisc", "add", "dev", INTERFACE, "clsact")
        self.ip("link", "set", INTERFACE, "up")
        self.ip("addr", "add", f"{self.address}/64", "dev", INTERFACE, "nodad")
        self.ip("link", "add", "link", INTERFACE, "name", "vlan0", "type", "vlan", "id", VLAN)
        self.ip("link", "set", "vlan0", "up")
        self.ip("addr", "add", f"{self.vlan_address}/64", "dev", "vlan0", "nodad")

    def know(self, other):
        """Nobody need be asked where the other host is: an emulated machine may take longer to answer than the kernel waits."""
        hardware_address = other.inside("cat", f"/sys/class/net/{INTERFACE}/address").strip()
        for address, interface in ((other.address, INTERFACE), (other.vlan_address, "vlan0")):
            self.ip("neigh", "replace", address, "lladdr", hardware_address, "dev", interface, "nud", "permanent")

    def ip(self, *arguments):
        return run("ip", "-n", self.name, *arguments)

    def inside(self, *command):
        return run("ip", "netns", "exec", self.name, *command)

    def within(self, work):
        """Does work() in the namespace; sockets made there stay in it."""
        before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(f"/run/netns/{self.name}", os.O_RDONLY)
        try:
            _enter(there)
            return work()
        finally:
            _enter(before)
            os.close(before)
            os.close(there)

    def start_agent(self, directory, strip, rules=RULES):
        self._status = str(directory / f"{self.name}.sock")
        self._configuration = directory / f"{self.name}.json"
        self._settings = {
            "name": self.name,
            "interfaces": [INTERFACE],
            "addresses": [self.address, self.vlan_address],
            "keyFile": str(directory / "lab.key"),
            "collector": f"https://[{self.collector}]:{COLLECTOR_PORT}",
            "rules": rules,
            "pathMtu": 1500,
            "epochSeconds": 300,
            "strip": strip,
            "statusSocket": self._status,
        }
        self._configuration.write_text(json.dumps(self._settings))
        self._agent = start(
            directory / f"{self.name}.log", "ip", "netns", "exec", self.name, PDM6, "agent", "--config", self._configuration)

    def reload_rules(self, rules):
        """Has the agent take other rules while it runs."""
        before = self.status()["policyReload"]["attempts"]
        self._configuration.write_text(json.dumps({**self._settings, "rules": rules}))
        self._agent.send_signal(signal.SIGHUP)
        reload = wait_until(lambda: (now := self.status()["policyReload"])["attempts"] > before and now,
                            lambda: f"{self.name}'s agent does not reload its rules")
        if reload["trouble"]:
            raise RuntimeError(f"{self.name}'s agent refused rules: {reload['trouble']}")

    def status(self):
        """What the agent says of itself; None before it knows."""
        if self._agent.poll() is not None:
            raise RuntimeError(f"{self.name}'s agent ended with {self._agent.returncode}: {self._agent.log.read_text()}")
        try:
            with socket.socket(socket.AF_UNIX) as asking:
                asking.connect(self._status)
                answer = b"".join(iter(lambda: asking.recv(65536), b""))
                return json.loads(answer) if answer else None
        except (FileNotFoundError, ConnectionRefusedError):
            return None

    def counters(self):
        """The counters at a time after the call: what left and arrived before is in them."""
        called = time.time_ns()
        def later():
            status = self.status()
            return status and status["counters"]["atUnixNs"] > called and status["counters"]
        return wait_until(later, lambda: f"{self.name}'s agent counts no more")

    def has_keys(self):
        status = self.status()
        return status and status["pairsWithKey"] >= 2 and status["receivingKeys"] >= 2

    def report(self):
        """What the agent said, for a message."""
        return f"{self.name}'s agent: {self._agent.log.read_text()}{self.status()}\n"

    def lost_packets(self):
        """What the kernel counts as dropped or wrong, for a message: where a packet went that did not arrive."""
        trouble = re.compile(r"(drop|err|discard|noroute|fail|xfrm|mismatch).*[1-9]", re.IGNORECASE)
        counted = self.inside("cat", "/proc/net/snmp6", "/proc/net/xfrm_stat").splitlines()
        links = [self.ip("-s", "link", "show", name) for name in (INTERFACE, "vlan0")]
        return "\n".join([f"{self.name}:", *(line for line in counted if trouble.search(line)), *links, self.ip("-6", "-s", "neigh")])

    def kill_agent(self):
        self._agent.kill()
        self._agent.wait(PATIENCE_SECONDS)

    def stop_agent(self):
        self._agent.terminate()
        code = self._agent.wait(PATIENCE_SECONDS)
        if code != 0:
            raise RuntimeError(f"{self.name}'s agent ended with {code}: {self._agent.log.read_text()}")


class Scene:
    """Everything, from building it to taking it down."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.left, self.right = Host("left", 1), Host("right", 2)

    def start(self):
        """Returns when each agent can seal for the other and open what the other sealed."""
        for number, host in enumerate((self.left, self.right), 1):
            host.build(number)
        run("ip", "link", "add", INTERFACE, "netns", "left", "type", "veth", "peer", "name", INTERFACE, "netns", "right")
        for host in (self.left, self.right):
            host.address_link()
        self.left.know(self.right)
        self.right.know(self.left)
        run(PDM6, "key", "create", self.directory / "lab.key")
        (self.directory / "collector.json").write_text(json.dumps({
            "keyFile": str(self.directory / "lab.key"), "ingest": f"[::]:{COLLECTOR_PORT}", "web": f"[::1]:{WEB_PORT}",
        }))
        self._collector = start(self.directory / "collector.log", PDM6, "collector", "--config", self.directory / "collector.json")
        self.left.start_agent(self.directory, strip=False)
        self.right.start_agent(self.directory, strip=True)
        self.wait_for_keys()

    def wait_for_keys(self):
        hosts = (self.left, self.right)
        # Both are asked every time: one that has ended is why the other has no keys.
        wait_until(lambda: all([host.has_keys() for host in hosts]),
                   lambda: f"no keys:\n{''.join(host.report() for host in hosts)}")

    def groups(self):
        """What the collector opened and paired, by rule."""
        self._ask("/v1/flush", method="POST")
        return {group["name"]: group for group in json.loads(self._ask("/v1/groups"))}

    def stop_collector(self):
        self._collector.terminate()
        return self._collector.wait(PATIENCE_SECONDS)

    def _ask(self, path, method="GET"):
        request = urllib.request.Request(f"http://[::1]:{WEB_PORT}{path}", method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return answer.read()


def start(log, *command):
    """A program in the background that writes into a file."""
    with open(log, "wb") as output:
        process = subprocess.Popen([str(part) for part in command], stdout=output, stderr=subprocess.STDOUT)
    process.log = log
    return process


def _enter(descriptor):
    if LIBC.setns(descriptor, NETWORK_NAMESPACE) != 0:
        raise OSError(ctypes.get_errno(), "setns")
