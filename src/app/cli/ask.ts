import { failure, nearestHint, type Result } from '../../ip/index.ts';
import type { Network } from '../../model/index.ts';
import { askFor, type Service } from '../../reach/index.ts';
import type { Question } from '../../trace/index.ts';

/** The question, or why it can't be asked; a host name that is nearly right is hinted at. Codes: those of `askFor`. */
export function questionOf(network: Network, from: string, to: string, service: Service): Result<Question> {
  const question = askFor(network, from, to, service);
  if (question.ok || question.code !== 'host-unknown') return question;
  const wrong = [from, to].find((name) => !network.hosts.has(name) && question.message.includes(`'${name}'`));
  const near = wrong === undefined ? undefined : nearestHint(wrong, network.hosts.keys());
  return near === undefined ? question : failure(question.code, question.message, near);
}
