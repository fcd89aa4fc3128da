import { argument } from '../flags.ts';

/** FROM and TO, which every question has. */
export const fromTo = {
  kind: 'tuple',
  parameters: [
    argument('FROM', 'Host that asks, by name or address, or who asks from the internet'),
    argument('TO', 'Host or address that is asked'),
  ],
} as const;
