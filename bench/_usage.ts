/** What a process of this machine has used so far, from /proc. */

/** Ticks of a process's clock in a second (`getconf CLK_TCK`, 100 on Linux). */
const TICKS = 100;

/** What a process has used so far. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
}

/** From /proc: user and system time, and resident memory (proc(5)). */
export async function usage(pid: number): Promise<Usage> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * 1000 / TICKS,
    rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
  };
}
