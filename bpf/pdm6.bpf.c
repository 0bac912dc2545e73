/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The datapath: one object, so that both directions share one flow table. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#include "pdm6_abi.h"
#include "pdm6_maps.h"
#include "pdm6_count.h"
#include "pdm6_time.h"
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
#include "pdm6_surplus.h"

/* tcx: TCX_NEXT, clsact: TC_ACT_UNSPEC; both let the packet and other programs go on. */
#define PDM6_NEXT (-1)

#include "egress.bpf.c"
#include "ingress.bpf.c"
#include "prepare.bpf.c"
#include "retire.bpf.c"

char LICENSE[] SEC("license") = "Dual MIT/GPL";
