/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Does a packet that grows still fit its path? */
#ifndef PDM6_MTU_H
#define PDM6_MTU_H

#include "pdm6_maps.h"
#include "pdm6_packet.h"

#define PDM6_SMALLEST_GSO_SIZE 256 /* leaves data in each segment after up to 48 octets are taken from it */

/*
 * The kernel's own structures, as far as they are read here: libbpf puts in
 * where the fields are in the running kernel.
 */
struct ipv6_devconf {
	__s32 mtu6;
} __attribute__((preserve_access_index));

struct inet6_dev {
	struct ipv6_devconf cnf;
} __attribute__((preserve_access_index));

struct net_device {
	struct inet6_dev *ip6_ptr;
} __attribute__((preserve_access_index));

struct dst_entry {
	struct net_device *dev;
	unsigned long _metrics;
} __attribute__((preserve_access_index));

struct sk_buff {
	unsigned long _skb_refdst;
} __attribute__((preserve_access_index));

extern void *bpf_cast_to_kern_ctx(void *context) __ksym __weak; /* from kernel 6.2 on */

/*
 * The IPv6 MTU of the interface that a route leads to; 0 if nobody can tell.
 * An administrator or a router advertisement may have set it below what the
 * interface itself carries, which is all that bpf_check_mtu looks at.
 */
static __always_inline __u32 pdm6_interface_mtu(const struct dst_entry *route)
{
	struct net_device *device = 0;
	struct inet6_dev *ipv6 = 0;
	__u32 mtu = 0;

	if (bpf_probe_read_kernel(&device, sizeof(device), &route->dev) ||
	    bpf_probe_read_kernel(&ipv6, sizeof(ipv6), &device->ip6_ptr) ||
	    bpf_probe_read_kernel(&mtu, sizeof(mtu), &ipv6->cnf.mtu6))
		return 0;
	return mtu;
}

/*
 * Does the route, with what path MTU discovery has learnt, carry a packet of
 * this size? bpf_fib_lookup would not tell: it serves routers only. So look
 * where the kernel itself looks, at the route that the packet holds.
 */
static __always_inline int pdm6_route_carries(struct __sk_buff *skb, __u32 size, __u32 growth)
{
	const __u32 mtu_metric = 2 - 1; /* RTAX_MTU, counted from 1 */
	const unsigned long route_flags = 1, metrics_flags = 3; /* SKB_DST_PTRMASK, DST_METRICS_FLAGS */
	unsigned long metrics = 0;
	struct dst_entry *route;
	struct sk_buff *packet;
	__u32 mtu = 0;

	if (bpf_check_mtu(skb, 0, &mtu, growth, 0) || !bpf_cast_to_kern_ctx)
		return 0;
	packet = bpf_cast_to_kern_ctx(skb);
	route = (struct dst_entry *)(packet->_skb_refdst & ~route_flags);
	if (!route || bpf_probe_read_kernel(&metrics, sizeof(metrics), &route->_metrics))
		return 0;
	metrics &= ~metrics_flags;
	if (!metrics || bpf_probe_read_kernel(&mtu, sizeof(mtu), (__u32 *)metrics + mtu_metric))
		return 0;
	if (!mtu) /* nothing learnt */
		mtu = pdm6_interface_mtu(route);
	return size <= mtu;
}

/* Will the packet fit any path, so that there is nothing else to ask? */
static __always_inline int pdm6_fits_any_path(const struct __sk_buff *skb, __u32 growth)
{
	return !skb->gso_size && skb->len - PDM6_LINK_HEADER + growth <= PDM6_MINIMUM_MTU;
}

/* Does the packet grow beyond what its header can say, or its path carries? Negative: it fits. */
__noinline int pdm6_too_big(struct __sk_buff *skb, __u32 protocol, __u32 growth)
{
	__u32 zero = 0, size = skb->len - PDM6_LINK_HEADER + growth;
	struct pdm6_settings *current_settings;

	if (size - PDM6_IPV6_HEADER > 0xffff)
		return PDM6_JUMBO;

	if (skb->gso_size) {
		/*
		 * TCP super-packets: the kernel takes the octets from each
		 * segment's data, so segments stay as large as they were.
		 */
		if (protocol != PDM6_TCP)
			return PDM6_UDP_GSO;
		return skb->gso_size < PDM6_SMALLEST_GSO_SIZE ? PDM6_TINY_SEGMENTS : -1;
	}
	if (size <= PDM6_MINIMUM_MTU || !growth)
		return -1;
	current_settings = bpf_map_lookup_elem(&settings, &zero);
	if (!current_settings || size > current_settings->path_mtu || !pdm6_route_carries(skb, size, growth))
		return PDM6_MTU;
	return -1;
}

#endif
