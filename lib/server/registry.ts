/** Where metrics are kept. */

import { Registry } from "prom-client";

/** The metrics of one program, as text for Prometheus. The global registry of prom-client stays empty. */
export class MetricsRegistry extends Registry {}
