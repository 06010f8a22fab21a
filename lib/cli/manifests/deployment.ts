/** The Deployment of the controller, and what belongs to it. Pure: from options to objects. */

import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { Container, PodSpec, Service } from "kubernetes-types/core/v1.d.ts";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.d.ts";
import type { KubeObject } from "../../kube/mod.ts";
import { CONTAINER, CONTROLLER, LABELS, METRICS_SERVICE, SERVICE_ACCOUNT } from "./names.ts";
import type { InstallOptions } from "./options.ts";

/** User and group of the process: those that images without a shell call `nonroot`. */
const USER_ID = 65_532;
/** Port of health, readiness and metrics. */
const HTTP_PORT = 8080;
/** Seconds to stop in: above the manager's own grace of 30 s, so that it is the controller that says what hangs. */
const STOP_SECONDS = 40;

/** The Deployment, its disruption budget, and the Service of its metrics. */
export function deploymentObjects(options: InstallOptions): KubeObject[] {
  return [deploymentOf(options), disruptionBudgetOf(options), metricsServiceOf(options)];
}

function deploymentOf(options: InstallOptions): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: CONTROLLER, namespace: options.namespace, labels: { ...LABELS } },
    spec: {
      replicas: options.replicas,
      selector: { matchLabels: { ...LABELS } },
      // One that works is never taken away before another one is there.
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: {
          labels: { ...LABELS },
          annotations: { "kubectl.kubernetes.io/default-container": CONTAINER },
        },
        spec: podSpecOf(options),
      },
    },
  };
}

/** A drain of nodes takes one instance at a time, so that another one can take over. */
function disruptionBudgetOf({ namespace }: InstallOptions): PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: CONTROLLER, namespace, labels: { ...LABELS } },
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: { ...LABELS } },
      // One that cannot become Ready must not hold up a drain.
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  };
}

/** Names every instance to whoever collects metrics: each has its own, so no address stands for all of them. */
function metricsServiceOf({ namespace }: InstallOptions): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: METRICS_SERVICE, namespace, labels: { ...LABELS } },
    spec: {
      clusterIP: "None",
      // One that cannot become Ready is the one to look at.
      publishNotReadyAddresses: true,
      selector: { ...LABELS },
      ports: [{ name: "http", port: HTTP_PORT, targetPort: "http", protocol: "TCP" }],
    },
  };
}

function podSpecOf(options: InstallOptions): PodSpec {
  return {
    serviceAccountName: SERVICE_ACCOUNT,
    // A Service's variables are of no use here.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: STOP_SECONDS,
    nodeSelector: { "kubernetes.io/os": "linux" },
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{
          weight: 100,
          podAffinityTerm: {
            topologyKey: "kubernetes.io/hostname",
            labelSelector: { matchLabels: { ...LABELS } },
          },
        }],
      },
    },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER_ID,
      runAsGroup: USER_ID,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [containerOf(options)],
  };
}

function containerOf({ image, namespace: own, watchNamespaces }: InstallOptions): Container {
  const field = (name: string, fieldPath: string) => ({
    name,
    valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } },
  });
  return {
    name: CONTAINER,
    image,
    imagePullPolicy: "IfNotPresent",
    args: [
      "run",
      "--log-format=json",
      // Its own namespace by reference, so that it follows where Kustomize moves the installation.
      ...watchNamespaces.map((namespace) =>
        `--namespace=${namespace === own ? "$(POD_NAMESPACE)" : namespace}`
      ),
    ],
    env: [field("POD_NAME", "metadata.name"), field("POD_NAMESPACE", "metadata.namespace")],
    ports: [{ name: "http", containerPort: HTTP_PORT, protocol: "TCP" }],
    livenessProbe: {
      httpGet: { path: "/healthz", port: "http" },
      initialDelaySeconds: 10,
      periodSeconds: 10,
      timeoutSeconds: 5,
    },
    readinessProbe: { httpGet: { path: "/readyz", port: "http" }, periodSeconds: 5 },
    // No limit on the processor: it would slow down the moments that count.
    resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "512Mi" } },
    terminationMessagePolicy: "FallbackToLogsOnError",
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
  };
}
