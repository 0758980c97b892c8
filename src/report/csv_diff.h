#pragma once

#include "imgprof/report.h"

/* -o csv of a diff: its paths. */
imp_report_write imp_csv_write_diff;
