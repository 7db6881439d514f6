/* SPDX-License-Identifier: MIT */
/* The records in the pipeline of a CVA6. */
#ifndef CPU_TIMING_CVA6_RECORDS_H
#define CPU_TIMING_CVA6_RECORDS_H

#include "cpu/timing/record.h"

/* The most records that have come in and not yet retired; a power of two. */
#define CVA6_RECORDS 128

#define UNITS "cpu/timing/cva6/state/records.def"
#include "cpu/timing/fields/structs.inc"

static inline struct timing_record *cva6_record(const struct cva6_records *records, u64 number)
{
	return &records->ring[number % CVA6_RECORDS];
}

/* Returns the number of records that have not retired. */
static inline unsigned cva6_in_flight(const struct cva6_records *records)
{
	return (unsigned)(records->end - records->commit);
}

#endif
