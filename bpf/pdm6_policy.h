/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Which rule does a packet fall under? Each dimension gives a mask of the rules
 * that it allows; the lowest bit left in all of them is the first match. The
 * cost does not grow with the number of rules, but with what they ask: the
 * cheap dimensions come first, and what no rule asks is not looked at.
 *
 * A program reads the policy once for each packet and asks nothing else: so it
 * sees the whole old or the whole new one.
 */
#ifndef PDM6_POLICY_H
#define PDM6_POLICY_H

#include "pdm6_headers.h"
#include "pdm6_maps.h"
#include "pdm6_packet.h"
#include "pdm6_time.h"

/* The generation in use: read once for each packet. */
static __always_inline __u32 pdm6_policy_in_use(const struct pdm6_settings *settings)
{
	return *(const volatile __u32 *)&settings->policy;
}

/* The policy of a generation. NULL never, but the verifier supposes so. */
static __always_inline const struct pdm6_policy *pdm6_policy_of(__u32 generation)
{
	__u32 slot = generation & 1;

	return bpf_map_lookup_elem(&policies, &slot);
}

/* The policy in use. NULL never, but the verifier supposes so. */
static __always_inline const struct pdm6_policy *pdm6_policy(void)
{
	__u32 zero = 0;
	const struct pdm6_settings *current_settings = bpf_map_lookup_elem(&settings, &zero);

	return current_settings ? pdm6_policy_of(pdm6_policy_in_use(current_settings)) : 0;
}

/*
 * May the decision for a packet be used for the next one of its flow, as long
 * as the policy is of this generation? 0: it depends on more than the five
 * fields, or there is none; so generation 0 never is one to remember.
 */
static __always_inline __u32 pdm6_policy_generation(const struct pdm6_policy *policy)
{
	const __u32 by_packet = PDM6_BY_DSCP | PDM6_BY_INTERFACE | PDM6_BY_MARK | PDM6_BY_CGROUP;

	return policy->dimensions & by_packet ? 0 : policy->generation;
}

static __always_inline __u32 pdm6_rules_for_ports(const struct pdm6_policy *policy, __u16 source, __u16 destination)
{
	return policy->by_port[source] | policy->by_port[destination];
}

/*
 * Can a rule have this destination? The bits that all its prefixes have at
 * least say no to most others, sooner than the prefixes do.
 */
static __always_inline int pdm6_may_have_destination(const struct pdm6_policy *policy, const __u8 *address)
{
	__u64 front;

	__builtin_memcpy(&front, address, sizeof(front));
	front = bpf_be64_to_cpu(front) >> (policy->destination_shift & 63);
	front = front * 0x9e3779b97f4a7c15ULL >> 53; /* 11 bits */
	_Static_assert(PDM6_FILTER_BITS == 1 << 11, "the hash has as many values as the filter has bits");
	return policy->destination_filter[front / 32] >> front % 32 & 1;
}

/*
 * Rules left after protocol, ports and the first bits of the destination, for
 * almost nothing: most packets end here. Behind an extension header protocol
 * and destination are not known yet, so no rule is ruled out; neither are ports
 * ruled out that cannot be read directly.
 */
static __always_inline __u32 pdm6_candidates(const struct pdm6_policy *policy, struct __sk_buff *skb,
					     const struct pdm6_ipv6 *ipv6)
{
	__u8 protocol = ipv6->next_header;
	__u32 candidates = policy->by_protocol[protocol];
	__u16 *ports = (void *)(long)skb->data + PDM6_NETWORK_END;

	if (!candidates || pdm6_is_walked(protocol))
		return candidates;
	if (pdm6_has_ports(protocol) && (void *)(ports + 2) <= (void *)(long)skb->data_end)
		candidates &= pdm6_rules_for_ports(policy, bpf_ntohs(ports[0]), bpf_ntohs(ports[1]));
	return candidates && pdm6_may_have_destination(policy, ipv6->destination) ? candidates : 0;
}

static __always_inline __u32 pdm6_rules_for_prefix(void *prefixes_by_slot, const struct pdm6_policy *policy,
						   const __u8 *address)
{
	struct pdm6_prefix prefix = { .prefix_length = 128 };
	__u32 slot = policy->generation & 1, *mask;
	void *prefixes = bpf_map_lookup_elem(prefixes_by_slot, &slot);

	if (!prefixes)
		return 0;
	__builtin_memcpy(prefix.address, address, 16);
	mask = bpf_map_lookup_elem(prefixes, &prefix);
	return mask ? *mask : 0;
}

/* Rules that a packet to this address can fall under. */
static __always_inline __u32 pdm6_rules_for_destination(const struct pdm6_policy *policy, const __u8 *address)
{
	if (!(policy->dimensions & PDM6_BY_DESTINATION))
		return ~0U;
	return pdm6_rules_for_prefix(&rules_by_destination, policy, address);
}

static __always_inline __u32 pdm6_rules_for_source(const struct pdm6_policy *policy, const __u8 *address)
{
	if (!(policy->dimensions & PDM6_BY_SOURCE))
		return ~0U;
	return pdm6_rules_for_prefix(&rules_by_source, policy, address);
}

static __always_inline __u32 pdm6_rules_naming(const struct pdm6_policy *policy, __u32 dimension, __u64 id)
{
	struct pdm6_origin origin = { .generation = policy->generation, .dimension = dimension, .id = id };
	__u32 *mask = bpf_map_lookup_elem(&rules_by_origin, &origin);

	return mask ? *mask : 0;
}

static __always_inline __u32 pdm6_rules_for_interface(const struct pdm6_policy *policy, __u32 interface)
{
	if (!(policy->dimensions & PDM6_BY_INTERFACE))
		return ~0U;
	return policy->any_interface | pdm6_rules_naming(policy, PDM6_BY_INTERFACE, interface);
}

/* Without branches: the verifier would follow each of their combinations. */
__noinline __u32 pdm6_rules_for_mark(const struct pdm6_policy *policy, __u32 mark)
{
	__u32 rules = ~0U, differs;
	int i;

	if (!policy)
		return 0;
	for (i = 0; i < PDM6_MAX_RULES; i++) {
		differs = (mark & policy->rules[i].mark_mask) ^ policy->rules[i].mark;
		rules &= ~((differs | -differs) >> 31 << i);
	}
	return rules;
}

/* The cgroup that the packet's socket was made in, and those around it. */
__noinline __u32 pdm6_rules_for_cgroup(struct __sk_buff *skb, const struct pdm6_policy *policy)
{
	__u32 rules;
	__u64 id;
	int i;

	if (!policy)
		return 0;
	rules = policy->any_cgroup;
	for (i = 0; i < PDM6_CGROUP_LEVELS && i < policy->cgroup_level_count; i++) {
		id = bpf_skb_ancestor_cgroup_id(skb, policy->cgroup_levels[i]);
		rules |= pdm6_rules_naming(policy, PDM6_BY_CGROUP, id); /* id 0, no such ancestor: nobody names it */
	}
	return rules;
}

/* Rules that allow protocol and ports. */
static __always_inline __u32 pdm6_rules_for_service(const struct pdm6_policy *policy, const struct pdm6_flow *flow)
{
	__u32 candidates = policy->by_protocol[flow->protocol];

	if (pdm6_has_ports(flow->protocol))
		return candidates & pdm6_rules_for_ports(policy, flow->source_port, flow->destination_port);
	return candidates & policy->by_port[PDM6_PORTLESS];
}

/* The first of the candidates that allows the flow's addresses; PDM6_NO_RULE if none. */
static __always_inline __u32 pdm6_first_rule(const struct pdm6_policy *policy, __u32 candidates,
					     const struct pdm6_flow *flow)
{
	if (candidates)
		candidates &= pdm6_rules_for_destination(policy, flow->destination);
	if (candidates)
		candidates &= pdm6_rules_for_source(policy, flow->source);
	return candidates ? pdm6_log2(candidates & -candidates) : PDM6_NO_RULE;
}

/*
 * The rule that a packet of our own falls under; PDM6_NO_RULE if none. Its flow
 * is that of the final destination. Global functions: the verifier looks at
 * each once, not once for each way that leads to it.
 */
__noinline __u32 pdm6_decide(struct __sk_buff *skb, const struct pdm6_policy *policy, const struct pdm6_flow *flow,
			     __u32 dscp)
{
	__u32 candidates;

	if (!policy || !flow)
		return PDM6_NO_RULE;
	candidates = pdm6_rules_for_service(policy, flow);
	if (candidates && policy->dimensions & PDM6_BY_DSCP)
		candidates &= policy->by_dscp[dscp & 63];
	if (candidates && policy->dimensions & PDM6_BY_MARK)
		candidates &= pdm6_rules_for_mark(policy, skb->mark);
	if (candidates)
		candidates &= pdm6_rules_for_interface(policy, skb->ifindex);
	if (candidates && policy->dimensions & PDM6_BY_CGROUP)
		candidates &= pdm6_rules_for_cgroup(skb, policy);
	return pdm6_first_rule(policy, candidates, flow);
}

/*
 * The rule that our own packets of the reverse flow will fall under, as far as
 * a received packet can tell: they will leave by the interface that it came
 * in. What DSCP, mark and cgroup they will have is not known: all fit.
 */
__noinline __u32 pdm6_decide_reverse(struct __sk_buff *skb, const struct pdm6_policy *policy,
				     const struct pdm6_flow *reverse)
{
	__u32 candidates;

	if (!policy || !reverse)
		return PDM6_NO_RULE;
	candidates = pdm6_rules_for_service(policy, reverse);
	if (candidates)
		candidates &= pdm6_rules_for_interface(policy, skb->ifindex);
	return pdm6_first_rule(policy, candidates, reverse);
}

/* A rule by its number, which was tested: the verifier is to see a bound, whichever way the number came. */
static __always_inline const struct pdm6_rule *pdm6_rule_at(const struct pdm6_policy *policy, __u32 number)
{
	asm volatile("" : "+r"(number));
	return &policy->rules[number & (PDM6_MAX_RULES - 1)];
}

#endif
