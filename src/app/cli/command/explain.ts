import { explainJson, explainText } from '../../../render/index.ts';
import { EXIT, leave, say, textOptions, type Cli } from '../context.ts';
import { askOnce, type QuestionFlags } from '../diagnosed.ts';

/** `waymark explain FROM TO`: the way there and back, hop by hop. Exit 0 when it is answered, else 1. */
export async function explain(
  this: Cli,
  flags: QuestionFlags & { json?: boolean },
  from: string,
  to: string,
): Promise<void> {
  const asked = await askOnce(this, flags, from, to);
  if (!asked) return;
  const { network, trip, findings } = asked;
  if (flags.json) say(this, JSON.stringify(explainJson(network, trip, findings), null, 2));
  else say(this, explainText(network, trip, findings, textOptions(this, flags)));
  leave(this, trip.verdict === 'answered' ? EXIT.ok : EXIT.no);
}
