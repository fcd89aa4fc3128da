import type { Words } from './words.ts';

/** Dutch. */
export const nl: Words = {
  language: 'nl',
  direction: 'ltr',
  heading: 'Uw toegang is tijdelijk geblokkeerd',
  headingOpen: 'Uw toegang is geblokkeerd',
  lead: '{site} werkt, maar neemt op dit moment geen verzoeken van uw internetadres aan.',
  thisSite: 'Deze website',
  reason: 'Reden',
  until: 'Tot',
  noEnd: 'nader order',
  afterEnd: 'Daarna is de website vanzelf weer bereikbaar.',
  address: 'Uw adres',
  reference: 'Kenmerk',
  helpHeading: 'Is dit een vergissing?',
  help: 'Neem contact met ons op en noem het kenmerk. Dan vinden wij uw geval meteen.',
  helpAlone: 'Noem het kenmerk aan de beheerder van deze website. Dan is uw geval meteen te vinden.',
  phone: 'Bellen',
  email: 'Schrijven',
  subject: 'Geblokkeerde toegang, kenmerk {reference}',
  shared:
    'Meerdere mensen kunnen één adres delen, bijvoorbeeld op kantoor, op school of in een mobiel netwerk. De oorzaak ligt dus misschien niet bij u.',
};
