"""The programs on the kernel that runs: real packets through them, in the order of the tests' names.

Run in the guest that tests/kernels/run boots; nothing else of the machine is used.
"""

import json
import os
import socket
import tempfile
import threading
import time
import unittest

from scene import HAS_TCX, INTERFACE, Scene, run, wait_until

SOL_IPV6, RECEIVE_OPTIONS, OPTIONS = socket.IPPROTO_IPV6, 58, 59  # IPV6_RECVDSTOPTS, IPV6_DSTOPTS
OPTION_TYPE, OUR_HEADER, MINIMUM_MTU, UDP_AND_IPV6 = 0x1e, 48, 1280, 48
RECEIVE_WAITS = 60  # of a second each: an emulated machine that stood still for longer has lost one of them, not all
UDP_PORT, LARGE_PORT, IPSEC_PORT, VLAN_PORT, TCP_PORT = 7001, 7002, 7003, 7004, 7005

scene = None
directory = None


def setUpModule():
    global scene, directory
    directory = tempfile.TemporaryDirectory(prefix="pdm6-kernel-")
    scene = Scene(directory.name)
    scene.start()


def has_cast_to_kernel_context():
    """The kernel function by which the program finds a packet's route; from Linux 6.2 on."""
    with open("/proc/kallsyms", encoding="ascii") as symbols:
        return any(line.split()[2] == "bpf_cast_to_kern_ctx" for line in symbols)


def difference(after, before, rule):
    """What one rule counted between two reports."""
    def of(report):
        return next(entry for entry in report["rules"] if entry["name"] == rule)
    first, last = of(before), of(after)
    left_alone = {reason: count - first["leftAlone"].get(reason, 0) for reason, count in last["leftAlone"].items()}
    return (last["selected"] - first["selected"], last["sealed"] - first["sealed"],
            {reason: count for reason, count in left_alone.items() if count})


def ingress(after, before):
    return {verdict: count - before["ingress"].get(verdict, 0) for verdict, count in after["ingress"].items()
            if count != before["ingress"].get(verdict, 0)}


class UdpPair:
    """A socket on each host; each sees the Destination Options that its applications would see."""

    def __init__(self, port, vlan=False):
        ends = [(host, host.vlan_address if vlan else host.address) for host in (scene.left, scene.right)]
        self.left, self.right = (host.within(lambda a=address: self._open(a, port)) for host, address in ends)
        self.left.connect((ends[1][1], port))
        self.right.connect((ends[0][1], port))

    @staticmethod
    def _open(address, port):
        opened = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        opened.setsockopt(SOL_IPV6, RECEIVE_OPTIONS, 1)
        opened.settimeout(1)
        opened.bind((address, port))
        return opened

    def exchange(self, sizes):
        """A datagram of each size there and back; the options that each side saw, in order."""
        seen = []
        for number, size in enumerate(sizes):
            body = bytes((number + i) & 0xff for i in range(size))
            for sender, receiver in ((self.left, self.right), (self.right, self.left)):
                sender.send(body)
                received, ancillary = self._receive(receiver)
                assert received == body, f"{len(received)} octets of {size} or others"
                seen.append(next((data for level, kind, data in ancillary if (level, kind) == (SOL_IPV6, OPTIONS)), None))
        return seen[::2], seen[1::2]

    @staticmethod
    def _receive(receiver):
        for _ in range(RECEIVE_WAITS):
            try:
                return receiver.recvmsg(65536, 1024)[:2]
            except TimeoutError:
                pass
        raise TimeoutError(f"nothing came to {receiver.getsockname()[:2]} in {RECEIVE_WAITS} waits of a second")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.left.close()
        self.right.close()


def everything(carriage):
    """Rules that measure all packets, or with no carriage none."""
    return [{"name": "all", "carriage": carriage}] if carriage else [{"name": "elsewhere", "destinations": ["2001:db8:ffff::/48"]}]


class Diary:
    """What happened when, for the message of a test that failed."""

    def __init__(self):
        self._began, self._lines = time.monotonic(), []

    def note(self, what):
        self._lines.append(f"{time.monotonic() - self._began:7.1f} s  {what}")

    def __str__(self):
        return "\n".join(self._lines)


class SteadyExchange(threading.Thread):
    """Datagrams there and back, one after the other, until it is stopped; one that is lost or changed ends it."""

    PAUSE_SECONDS = 0.02  # leaves the emulated processors to the agents

    def __init__(self, name, pair, diary):
        super().__init__()
        self._name, self._pair, self._diary, self._stopped = name, pair, diary, False
        self.exchanged, self.error = 0, None
        self.start()

    def run(self):
        try:
            while not self._stopped:
                self._pair.exchange([1 + self.exchanged % 1000])
                self.exchanged += 1
                time.sleep(self.PAUSE_SECONDS)
        except (OSError, AssertionError) as error:
            self.error = repr(error)
            self._diary.note(f"{self._name}, exchange {self.exchanged}: {self.error}\n{lost_packets()}")

    def stop(self):
        self._stopped = True
        self.join()


def lost_packets():
    return "\n".join(host.lost_packets() for host in (scene.left, scene.right))


def more(streams, exchanges=10):
    """Waits until each has exchanged more, or has failed."""
    for stream in streams:
        enough = stream.exchanged + exchanges
        wait_until(lambda stream=stream, enough=enough: stream.error or stream.exchanged >= enough,
                   lambda stream=stream: f"{stream.exchanged} exchanged and then nothing")


class Kernel(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        began = time.monotonic()
        self.addCleanup(lambda: print(f"{time.monotonic() - began:.0f} s ", end="", flush=True))

    def counted(self, work):
        """Runs work(); its result and the reports of both agents before and after."""
        before = [host.counters() for host in (scene.left, scene.right)]
        result = work()
        after = [host.counters() for host in (scene.left, scene.right)]
        return result, list(zip(after, before))

    def test_01_attachment_before_tcx_is_by_clsact(self):
        for hook in ("ingress", "egress"):
            filters = scene.left.inside("tc", "filter", "show", "dev", INTERFACE, hook)
            self.assertEqual(not HAS_TCX, f"pdm6_{hook}" in filters, filters)

    def test_02_udp_both_ways_sealed_accepted_and_stripped_where_configured(self):
        packets = 200
        with UdpPair(UDP_PORT) as udp:
            (at_right, at_left), reports = self.counted(lambda: udp.exchange([64 + i for i in range(packets)]))
        for report in reports:
            self.assertEqual((packets, packets, {}), difference(*report, "udp"))
            self.assertEqual({"accepted": packets}, ingress(*report))
        self.assertEqual([None] * packets, at_right, "the right host strips: applications see no option")
        self.assertTrue(all(seen and seen[2] == OPTION_TYPE and len(seen) == OUR_HEADER for seen in at_left))
        self.assertEqual(packets, len(set(at_left)), "no option is like another")

    def test_03_udp_that_grows_beyond_1280_sealed_only_where_the_route_can_be_asked(self):
        sizes = [MINIMUM_MTU - OUR_HEADER - UDP_AND_IPV6 - 1, MINIMUM_MTU - OUR_HEADER - UDP_AND_IPV6,
                 MINIMUM_MTU - OUR_HEADER - UDP_AND_IPV6 + 1, 1404, 1405, 1452]
        fits = 4 if has_cast_to_kernel_context() else 2
        with UdpPair(LARGE_PORT) as udp:
            _, reports = self.counted(lambda: udp.exchange(sizes))
        for report in reports:
            self.assertEqual((len(sizes), fits, {"mtu": len(sizes) - fits}), difference(*report, "udp"))
            self.assertEqual({"accepted": fits}, ingress(*report))

    def test_04_tcp_bulk_same_octets_and_sealed(self):
        body = bytes(range(256)) * 4096
        def send():
            listener = scene.right.within(lambda: socket.create_server((scene.right.address, TCP_PORT), family=socket.AF_INET6))
            client = scene.left.within(lambda: socket.create_connection((scene.right.address, TCP_PORT), timeout=60))
            with listener, client, listener.accept()[0] as server:
                sending = threading.Thread(target=lambda: (client.sendall(body), client.shutdown(socket.SHUT_WR)))
                sending.start()
                received = b"".join(iter(lambda: server.recv(65536), b""))
                sending.join()
                return received
        received, reports = self.counted(send)
        self.assertEqual(body, received)
        for report in reports:
            selected, sealed, left_alone = difference(*report, "tcp")
            self.assertGreater(sealed, 0)
            self.assertEqual(selected, sealed + left_alone.get("mtu", 0), left_alone)
            self.assertLessEqual(set(ingress(*report)), {"accepted", "not-ahead"})
            self.assertGreater(ingress(*report)["accepted"], 0)

    def test_05_ping_answered_sealed_and_accepted(self):
        pings = 10
        answer, reports = self.counted(lambda: scene.left.inside(
            "ping", "-n", "-q", "-c", pings, "-i", "0.1", "-W", "60", scene.right.address))
        self.assertIn(f"{pings} received, 0% packet loss", answer)
        for report in reports:
            self.assertEqual((pings, pings, {}), difference(*report, "icmpv6"))
            self.assertEqual({"accepted": pings}, ingress(*report))

    def test_06_ipsec_transport_mode_arrives_and_is_left_alone(self):
        packets = 20
        for host in (scene.left, scene.right):
            self.protect(host)
        with UdpPair(IPSEC_PORT) as udp:
            (at_right, at_left), reports = self.counted(lambda: udp.exchange([100] * packets))
        self.assertEqual([None] * 2 * packets, at_right + at_left)
        for host, (after, before) in zip((scene.left, scene.right), reports):
            self.assertEqual(packets, after["notSelected"].get("ipsec", 0) - before["notSelected"].get("ipsec", 0))
            self.assertEqual((0, 0, {}), difference(after, before, "udp"))
            self.assertEqual({}, ingress(after, before))
            self.assertIn("esp", host.ip("xfrm", "state"))

    def test_07_vlan_tag_left_to_the_interface_arrives_and_is_sealed(self):
        self.require_sealed_vlan()

    def test_08_vlan_tag_put_on_by_the_kernel_arrives_and_is_sealed(self):
        for host in (scene.left, scene.right):
            host.inside("ethtool", "-K", INTERFACE, "txvlan", "off")
        self.require_sealed_vlan()

    def test_09_collector_opened_everything(self):
        sealed = {}
        for host in (scene.left, scene.right):
            for rule in host.counters()["rules"]:
                sealed[rule["name"]] = sealed.get(rule["name"], 0) + rule["sealed"]
        for name in sealed:
            self.assertGreater(sealed[name], 0)
            wait_until(lambda name=name: scene.groups()[name]["packets"] >= sealed[name],
                       lambda name=name: f"{sealed[name]} of {name} were sealed: {scene.groups()[name]}")
        groups = scene.groups()
        for name in sealed:
            self.assertGreater(groups[name]["roundTripNs"]["samples"], 0, name)
            self.assertEqual((0, 0), (groups[name]["authenticationFailed"], groups[name]["lost"]), name)
        for name in ("udp", "icmpv6"):
            self.assertEqual(sealed[name], groups[name]["packets"], name)

    def test_10_agents_reloaded_killed_and_stopped_under_esp_and_vlan_lose_nothing(self):
        hosts, diary = (scene.left, scene.right), Diary()
        with UdpPair(IPSEC_PORT) as esp, UdpPair(VLAN_PORT, vlan=True) as vlan:
            streams = [SteadyExchange("esp", esp, diary), SteadyExchange("vlan", vlan, diary)]
            try:
                for carriage in ("destopt-v2", "udp-option", None, "destopt-v2-clear"):
                    for host in hosts:
                        diary.note(f"{host.name}: {carriage}")
                        host.reload_rules(everything(carriage))
                    more(streams)
                for host in hosts:
                    diary.note(f"{host.name}: killed")
                    host.kill_agent()
                    more(streams)
                for host in hosts: # what the killed ones have left is cleared
                    diary.note(f"{host.name}: started")
                    host.start_agent(scene.directory, strip=host is scene.left, rules=everything("destopt-v2"))
                scene.wait_for_keys()
                diary.note("both have keys")
                _, reports = self.counted(lambda: more(streams))
                for host in hosts:
                    diary.note(f"{host.name}: stopped")
                    host.stop_agent()
                    more(streams) # in the end without agents
                diary.note("without agents")
            finally:
                for stream in streams:
                    stream.stop()
        self.assertEqual([None, None], [stream.error for stream in streams], diary)
        for after, before in reports:
            self.assertGreater(difference(after, before, "all")[1], 0)
            self.assertGreater(after["notSelected"]["ipsec"], before["notSelected"].get("ipsec", 0))

    def test_11_nothing_is_left(self):
        self.assertEqual(0, scene.stop_collector())
        for host in (scene.left, scene.right):
            self.assertEqual(not HAS_TCX, "clsact" in host.inside("tc", "qdisc", "show", "dev", INTERFACE), "as it was before the agents")
            for hook in ("ingress", "egress") if not HAS_TCX else ():
                self.assertEqual("", host.inside("tc", "filter", "show", "dev", INTERFACE, hook))
        for kind, key in (("prog", "name"), ("map", "name"), ("link", "id")):
            # The kernel frees them in its own time after their last holder.
            wait_until(lambda kind=kind, key=key: not json.loads(run("bpftool", "-j", kind, "show") or "[]"),
                       lambda kind=kind: run("bpftool", kind, "show"))

    def require_sealed_vlan(self):
        packets = 20
        with UdpPair(VLAN_PORT, vlan=True) as udp:
            (at_right, at_left), reports = self.counted(lambda: udp.exchange([100 + i for i in range(packets)]))
        for report in reports:
            self.assertEqual((packets, packets, {}), difference(*report, "udp"))
            self.assertEqual({"accepted": packets}, ingress(*report))
        self.assertEqual([None] * packets, at_right)
        self.assertNotIn(None, at_left)

    @staticmethod
    def protect(host):
        """ESP for the datagrams to one port, both ways; the keys are no secret."""
        authentication, cipher = "0x" + "11" * 32, "0x" + "22" * 32
        ends = (scene.left.address, scene.right.address)
        for spi, (source, destination) in enumerate((ends, ends[::-1]), 0x1001):
            host.ip("xfrm", "state", "add", "src", source, "dst", destination, "proto", "esp", "spi", hex(spi), "mode", "transport",
                    "auth-trunc", "hmac(sha256)", authentication, "128", "enc", "cbc(aes)", cipher)
            host.ip("xfrm", "policy", "add", "src", f"{source}/128", "dst", f"{destination}/128", "proto", "udp", "dport", IPSEC_PORT,
                    "dir", "out" if source == host.address else "in",
                    "tmpl", "src", source, "dst", destination, "proto", "esp", "mode", "transport")


if __name__ == "__main__":
    unittest.main(verbosity=2)
