/* SPDX-License-Identifier: Apache-2.0 */
/* quipu.h - the whole public interface.  Each part explains itself in its own header. */
#ifndef QUIPU_H
#define QUIPU_H
#include "quipu/base.h"
#include "quipu/table.h"
#include "quipu/nomen.h"
#include "quipu/agreement.h"
#include "quipu/cube.h"
#include "quipu/import.h"
#include "quipu/query.h"
#include "quipu/invest.h"
#include "quipu/catalog.h"
#include "quipu/plan.h"
#include "quipu/report.h"
#include "quipu/arrow.h"
#include "quipu/bundle.h"
#include "quipu/chart.h"
#include "quipu/study.h"
#include "quipu/bind.h"
#include "quipu/fetch.h"
#include "quipu/sql.h"
#endif
