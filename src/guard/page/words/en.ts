import type { Words } from './words.ts';

/** English. */
export const en: Words = {
  language: 'en',
  direction: 'ltr',
  heading: 'Your access is blocked for now',
  headingOpen: 'Your access is blocked',
  lead: '{site} is up and running, but it does not accept requests from your internet address at the moment.',
  thisSite: 'This site',
  reason: 'Why',
  until: 'Until',
  noEnd: 'further notice',
  afterEnd: 'After that the site opens again by itself.',
  address: 'Your address',
  reference: 'Reference',
  helpHeading: 'Is this a mistake?',
  help: 'Please contact us and tell us the reference. We can then find your case at once.',
  helpAlone: 'Please tell the operator of this site the reference. Your case can then be found at once.',
  phone: 'Call',
  email: 'Write',
  subject: 'Blocked access, reference {reference}',
  shared:
    'Several people can share one address, for example in an office, a school or a mobile network. It may not be you who caused the block.',
};
