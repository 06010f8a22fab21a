/** Names and labels of the objects that an installation consists of. They are an API: users' scripts rely on them. */

import { LEASE_NAME } from "../../network/mod.ts";

/** Name of the Deployment and of its Lease, and first part of all other names. */
export const CONTROLLER: string = LEASE_NAME;
/** Name of the ServiceAccount. */
export const SERVICE_ACCOUNT = `${CONTROLLER}-sva`;
/** Name of the ClusterRole, or of the Role in each namespace that is served. */
export const ROLE = `${CONTROLLER}-role`;
/** Name of what binds it to the ServiceAccount. */
export const ROLE_BINDING = `${ROLE}-binding`;
/** Name of the Role for the Lease. */
export const LEASE_ROLE = `${CONTROLLER}-lease-role`;
/** Name of the container in the controller's pods. */
export const CONTAINER = `${CONTROLLER}-ctr`;
/** Name of the Service by which metrics are collected. */
export const METRICS_SERVICE = `${CONTROLLER}-metrics`;

/** Labels of all objects, by which the Deployment finds its pods too. A network's are others, so that no selection takes one for the other. */
export const LABELS: Readonly<Record<string, string>> = {
  "app.kubernetes.io/name": CONTROLLER,
  "app.kubernetes.io/component": "controller",
};
