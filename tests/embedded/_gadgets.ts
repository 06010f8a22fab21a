/** A small custom resource for tests with kubectl. */

/** Its definition. */
export const DEFINITION = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { kind: "Gadget", plural: "gadgets", shortNames: ["gd"], categories: ["toys"] },
    versions: [{
      name: "v1",
      served: true,
      storage: true,
      subresources: {
        status: {},
        scale: { specReplicasPath: ".spec.size", statusReplicasPath: ".status.size" },
      },
      additionalPrinterColumns: [
        { name: "Size", type: "integer", jsonPath: ".spec.size" },
        {
          name: "Ready",
          type: "string",
          jsonPath: ".status.conditions[?(@.type=='Ready')].status",
        },
        { name: "Color", type: "string", jsonPath: ".spec.color", priority: 1 },
      ],
      schema: {
        openAPIV3Schema: {
          type: "object",
          properties: {
            spec: {
              type: "object",
              description: "What is wanted.",
              required: ["size"],
              properties: {
                size: {
                  type: "integer",
                  minimum: 0,
                  maximum: 100,
                  description: "How big it is to be.",
                },
                color: { type: "string", default: "red" },
              },
            },
            status: {
              type: "object",
              properties: {
                size: { type: "integer" },
                conditions: {
                  type: "array",
                  items: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                },
              },
            },
          },
        },
      },
    }],
  },
};

/** The manifest of a gadget named `a`. */
export function gadget(spec: unknown, labels: Record<string, string> = {}): unknown {
  return { apiVersion: "example.com/v1", kind: "Gadget", metadata: { name: "a", labels }, spec };
}
