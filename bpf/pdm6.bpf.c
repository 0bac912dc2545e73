/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The datapath: one object, so that both directions share one flow table. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define pdm6_likely(condition) __builtin_expect(!!(condition), 1)
#define pdm6_unlikely(condition) __builtin_expect(!!(condition), 0)

#include "pdm6_abi.h"
#include "pdm6_maps.h"
#include "pdm6_count.h"
#include "pdm6_time.h"
#include "pdm6_words.h"
#include "pdm6_packet.h"
#include "pdm6_form.h"
#include "pdm6_headers.h"
#include "pdm6_policy.h"
#include "pdm6_sampling.h"
#include "pdm6_flow_table.h"
#include "pdm6_cap.h"
#include "pdm6_memory.h"
#include "pdm6_lane.h"
#include "pdm6_nonce.h"
#include "pdm6_exempt.h"
#include "pdm6_mtu.h"
#include "pdm6_sending_pair.h"
#include "pdm6_path.h"
#include "pdm6_number.h"
#include "pdm6_place.h"
#include "pdm6_option.h"
#include "pdm6_udp_option.h"
#include "pdm6_short_way.h"
#include "pdm6_surplus.h"
#include "pdm6_udp_frame.h"
#include "pdm6_transit.h"
#include "pdm6_strip.h"
#include "pdm6_report.h"

/* tcx: TCX_NEXT, clsact: TC_ACT_UNSPEC; both let the packet and other programs go on. */
#define PDM6_NEXT (-1)

/* Programs that another goes on with: rare work, with a stack of its own and a verifier's patience of its own. */
enum {
	PDM6_EGRESS_FRAME,
	PDM6_INGRESS_FRAME,
	PDM6_CONTINUATIONS,
};

int pdm6_egress_frame(struct __sk_buff *skb);
int pdm6_ingress_frame(struct __sk_buff *skb);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, PDM6_CONTINUATIONS);
	__uint(key_size, sizeof(__u32));
	__array(values, int(struct __sk_buff *));
} continuations SEC(".maps") = {
	.values = {
		[PDM6_EGRESS_FRAME] = pdm6_egress_frame,
		[PDM6_INGRESS_FRAME] = pdm6_ingress_frame,
	},
};

/* Returns only if it is not there, which is never so while user space holds the programs. */
static __always_inline int pdm6_go_on_with(struct __sk_buff *skb, __u32 continuation)
{
	bpf_tail_call(skb, &continuations, continuation);
	return PDM6_NEXT;
}

#include "egress.bpf.c"
#include "egress_frame.bpf.c"
#include "ingress.bpf.c"
#include "ingress_frame.bpf.c"
#include "offer.bpf.c"
#include "prepare.bpf.c"
#include "retire.bpf.c"

char LICENSE[] SEC("license") = "Dual MIT/GPL";
