/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What the two halves of the small kernel tell each other. */
#ifndef FUZZ_KERNEL_PARTS_H
#define FUZZ_KERNEL_PARTS_H

int kernel_holds_lock(void);
int kernel_has_reserved(void);
void kernel_reset_maps(void);

#endif
