/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* One variable of every shared struct, so that clang describes them all in BTF. Never loaded. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "pdm6_abi.h"

struct pdm6_flow flow;
struct pdm6_pair pair;
struct pdm6_key key;
struct pdm6_sending_pair sending_pair;
struct pdm6_path path;
struct pdm6_receiving_key_id receiving_key_id;
struct pdm6_receiving_key receiving_key;
struct pdm6_flow_state flow_state;
struct pdm6_prefix prefix;
struct pdm6_rule rule;
struct pdm6_settings settings;
struct pdm6_observation observation;
struct pdm6_unknown_pair unknown_pair;
struct pdm6_frame_pair frame_pair;
struct pdm6_frame_ports frame_ports;
struct pdm6_frame_observation frame_observation;
struct pdm6_outcomes outcomes;
struct pdm6_ingress_counters ingress_counters;
struct pdm6_retire_request retire_request;
struct pdm6_offer_request offer_request;
struct pdm6_prepared_number prepared_number;
struct pdm6_lane lane;
struct pdm6_busy_flow busy_flow;
struct pdm6_prepare_request prepare_request;
struct pdm6_policy policy;
struct pdm6_origin origin;
struct pdm6_bucket bucket;
