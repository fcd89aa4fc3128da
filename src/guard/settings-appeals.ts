import * as z from 'zod/mini';
import { said, settingsPart } from './settings-part.ts';

/** How messages of blocked visitors are taken, and who hears of them. */
export interface AppealSettings {
  readonly appeals: {
    /** Whether the page has a form. */
    readonly form: boolean;
    /** Who gets each message by mail: plain addresses. */
    readonly mail: { readonly from: string; readonly to: readonly string[]; readonly sendmail: string } | null;
    /** Gets each message as JSON, by POST. */
    readonly webhook: string | null;
  };
}

const SENDMAIL = '/usr/sbin/sendmail';

/** A plain address: it stands among arguments and in headers. */
const mailbox = z.string().check(z.regex(/^\w[\w.+-]*@[\w-]+(\.[\w-]+)*$/, 'is no plain e-mail address'));

const mail = z.strictObject({
  from: said('Sender of these mails', mailbox),
  to: said('Who gets them', z.array(mailbox).check(z.minLength(1))),
  sendmail: said(`The program that sends them; ${SENDMAIL} when not said`, z.optional(z.string())),
});
const appeals = z.strictObject({
  form: said('Whether the page has a form; true when not said', z.optional(z.boolean())),
  mail: said('Who gets each message by mail', z.optional(mail)),
  webhook: said('Address that gets each message as JSON', z.optional(z.url({ protocol: /^https?$/ }))),
});

const NO_NOTICES: AppealSettings = { appeals: { form: true, mail: null, webhook: null } };

/** `appeals`. */
export const appealSettings = settingsPart({
  fields: { appeals: said("Messages that visitors write by the page's form", z.optional(appeals)) },
  usual: NO_NOTICES,
  read: ({ appeals: { form = true, mail: to, webhook = null } = {} }) => ({
    value: { appeals: { form, mail: to ? { ...to, sendmail: to.sendmail ?? SENDMAIL } : null, webhook } },
    diagnostics: [],
  }),
});
