/** A value with its labels, whose values need no quoting. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** One metric in Prometheus' text format (prometheus.io/docs/instrumenting/exposition_formats), with all its samples. */
export function metric(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([key, word]) => `${key}="${word}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}
