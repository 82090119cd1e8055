/* runlog.h - the journal of a run: JSON lines, each on its way to the disk before the next. */
#ifndef HARNESS_EVIDENCE_RUNLOG_H
#define HARNESS_EVIDENCE_RUNLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/bytes.h"

struct runlog {
    bool open;
    bool sync; /* fdatasync after each line */
    int fd;
    int64_t good; /* octets up to the end of the last whole line */
};

/* Appends to path, 0644. errno says why when false. A broken last line of a killed run is cut. */
bool runlog_open(struct runlog *l, const char *path, bool sync);
/* Writes line and a line feed with one write(). When that fails half-way (a full disk) the file
 * is cut back to the last whole line. */
bool runlog_write(struct runlog *l, struct span line);
void runlog_close(struct runlog *l);

#endif
