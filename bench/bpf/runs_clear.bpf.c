/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The same programs without AES-GCM, and with everything else: keys are looked
 * up, numbers taken, nonces built, options written and compared. The metrics
 * stay clear and every tag is zero, on both sides. For measuring only.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "pdm6_gcm.h"

#define pdm6_gcm_seal(key, job) ((void)(key), (void)(job))
#define pdm6_gcm_expected_tag(key, job) ((void)(key), (void)(job))
#define pdm6_gcm_seal_udp_option(key, job) ((void)(key), (void)(job))
#define pdm6_gcm_expected_udp_option_tag(key, job) ((void)(key), (void)(job))

#include "runs.bpf.c"
