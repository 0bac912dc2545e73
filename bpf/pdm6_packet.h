/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What both programs read of a packet. Nothing here changes one. */
#ifndef PDM6_PACKET_H
#define PDM6_PACKET_H

#define ETH_P_IPV6 0x86dd
#define PDM6_LINK_HEADER 14 /* Ethernet: the agent attaches to nothing else */
#define PDM6_IPV6_HEADER 40
#define PDM6_NETWORK_END (PDM6_LINK_HEADER + PDM6_IPV6_HEADER)
#define PDM6_MINIMUM_MTU 1280 /* RFC 8200 section 5 */

enum {
	PDM6_HOP_BY_HOP = 0,
	PDM6_TCP = 6,
	PDM6_UDP = 17,
	PDM6_DCCP = 33,
	PDM6_ROUTING = 43,
	PDM6_FRAGMENT_HEADER = 44,
	PDM6_ESP = 50,
	PDM6_AH = 51,
	PDM6_ICMPV6 = 58,
	PDM6_DESTINATION_OPTIONS = 60,
	PDM6_SCTP = 132,
	PDM6_MOBILITY = 135,
	PDM6_UDPLITE = 136,
	PDM6_HIP = 139,
	PDM6_SHIM6 = 140,
};

enum {
	PDM6_ECHO_REQUEST = 128,
	PDM6_ECHO_REPLY = 129,
};

/*
 * Where the kernel wants packets aligned, it puts IPv6 headers, and so both
 * addresses, at multiples of 8; where it does not (x86-64, arm64), any address
 * will do. Saying so here makes a copy of an address two loads, not eight.
 */
#ifdef __bpf__
#define PDM6_HEADER_ALIGNMENT 8
#else
#define PDM6_HEADER_ALIGNMENT 2
#endif

/* RFC 8200 section 3. */
struct pdm6_ipv6 {
	__u32 version_class_label;
	__u16 payload_length;
	__u8 next_header;
	__u8 hop_limit;
	__u8 source[16];
	__u8 destination[16];
} __attribute__((packed, aligned(PDM6_HEADER_ALIGNMENT)));

/* The fixed header, made linear if it is not yet; NULL: not a whole IPv6 packet. */
static __always_inline struct pdm6_ipv6 *pdm6_ipv6_header(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;

	if (data + PDM6_NETWORK_END > (void *)(long)skb->data_end) {
		if (bpf_skb_pull_data(skb, PDM6_NETWORK_END))
			return 0;
		data = (void *)(long)skb->data;
		if (data + PDM6_NETWORK_END > (void *)(long)skb->data_end)
			return 0;
	}
	return data + PDM6_LINK_HEADER;
}

static __always_inline __u32 pdm6_dscp(const struct pdm6_ipv6 *ipv6)
{
	return bpf_ntohl(ipv6->version_class_label) >> 22 & 63;
}

/* A bit for each protocol below 64, and from 128 to 191: without branches the verifier need not walk each way. */
static __always_inline int pdm6_has_ports(__u8 protocol)
{
	const __u64 low = 1ULL << PDM6_TCP | 1ULL << PDM6_UDP | 1ULL << PDM6_DCCP;
	const __u64 high = 1ULL << (PDM6_SCTP - 128) | 1ULL << (PDM6_UDPLITE - 128);
	__u64 with_ports = low ^ ((low ^ high) & -(__u64)(protocol >> 7));

	return with_ports >> (protocol & 63) & ~protocol >> 6 & 1;
}

static __always_inline int pdm6_is_echo(const struct pdm6_flow *flow)
{
	__u8 type = flow->source_port >> 8;

	return flow->protocol == PDM6_ICMPV6 && (type == PDM6_ECHO_REQUEST || type == PDM6_ECHO_REPLY);
}

/*
 * The last of so many octets. A length is tested, and used, by its last octet:
 * before 6.2 the verifier does not know that a bound on the one bounds the other,
 * so the compiler must not use the length that was read before the test.
 */
static __always_inline __u32 pdm6_last(__u32 octets)
{
	octets--;
	asm volatile("" : "+r"(octets));
	return octets;
}

/* bpf_skb_load_bytes of four octets; where they can be read directly, without the call, which takes longer. */
static __always_inline int pdm6_load_word(struct __sk_buff *skb, __u32 offset, void *word)
{
	const __u32 furthest = 1024; /* what the verifier must be told of an offset */
	__u8 *octets = (void *)(long)skb->data + (offset & (furthest - 1));

	if (offset >= furthest || (void *)(octets + 4) > (void *)(long)skb->data_end)
		return bpf_skb_load_bytes(skb, offset, word, 4);
	__builtin_memcpy(word, octets, 4);
	return 0;
}

/*
 * Protocol and ports of a flow whose addresses are set (draft-15, PDMv2 Flow
 * Identification). 0, or negative if the upper-layer header is cut short.
 */
static __always_inline int pdm6_read_ports(struct __sk_buff *skb, __u32 offset, __u8 protocol, struct pdm6_flow *flow)
{
	struct {
		__u16 first;
		__u16 second;
		__u16 third;
	} upper = {};

	flow->protocol = protocol;
	flow->zero[0] = flow->zero[1] = flow->zero[2] = 0;
	flow->source_port = flow->destination_port = 0;
	if (pdm6_has_ports(protocol)) {
		if (pdm6_load_word(skb, offset, &upper))
			return -1;
		flow->source_port = bpf_ntohs(upper.first);
		flow->destination_port = bpf_ntohs(upper.second);
	} else if (protocol == PDM6_ICMPV6) {
		if (pdm6_load_word(skb, offset, &upper))
			return -1;
		flow->source_port = bpf_ntohs(upper.first); /* type, code */
		if (pdm6_is_echo(flow)) {
			if (bpf_skb_load_bytes(skb, offset + 4, &upper.third, 2))
				return -1;
			flow->destination_port = bpf_ntohs(upper.third); /* identifier */
		}
	}
	return 0;
}

/* The flow of a packet with ports right behind the fixed header, where they can be read directly. 0: it is none such. */
static __always_inline int pdm6_read_plain_flow(struct __sk_buff *skb, const struct pdm6_ipv6 *ipv6, struct pdm6_flow *flow)
{
	const __u16 *ports = (const void *)(ipv6 + 1);

	if (!pdm6_has_ports(ipv6->next_header) || (void *)(ports + 2) > (void *)(long)skb->data_end)
		return 0;
	__builtin_memcpy(flow->source, ipv6->source, 16);
	__builtin_memcpy(flow->destination, ipv6->destination, 16);
	flow->source_port = bpf_ntohs(ports[0]);
	flow->destination_port = bpf_ntohs(ports[1]);
	flow->protocol = ipv6->next_header;
	return 1;
}

/* The opposite direction; negative if there is none (ICMPv6 other than echo). */
static __always_inline int pdm6_reverse_flow(const struct pdm6_flow *flow, struct pdm6_flow *reverse)
{
	__builtin_memset(reverse, 0, sizeof(*reverse));
	__builtin_memcpy(reverse->source, flow->destination, 16);
	__builtin_memcpy(reverse->destination, flow->source, 16);
	reverse->protocol = flow->protocol;
	if (flow->protocol != PDM6_ICMPV6) {
		reverse->source_port = flow->destination_port;
		reverse->destination_port = flow->source_port;
		return 0;
	}
	if (!pdm6_is_echo(flow))
		return -1;
	reverse->source_port = flow->source_port ^ ((PDM6_ECHO_REQUEST ^ PDM6_ECHO_REPLY) << 8);
	reverse->destination_port = flow->destination_port;
	return 0;
}

/* Addresses as 32-bit words: packets are aligned to 2 at best, so copies go by memcpy and tests by these. */
static __always_inline int pdm6_same_address(const __u8 *a, const __u8 *b)
{
	__u64 left[2], right[2];

	__builtin_memcpy(left, a, 16);
	__builtin_memcpy(right, b, 16);
	return !((left[0] ^ right[0]) | (left[1] ^ right[1]));
}

static __always_inline int pdm6_is_link_local(const __u8 *address)
{
	return address[0] == 0xfe && (address[1] & 0xc0) == 0x80; /* fe80::/10 */
}

#endif
