/** A real control plane for tests. Enter at {@linkcode ControlPlane}. */

export * from "./audit_log.ts";
export * from "./certificates.ts";
export * from "./component.ts";
export * from "./control_plane.ts";
