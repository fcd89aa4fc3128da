import { application } from '../application.ts';
import { describeCommands } from './command-doc.ts';
import { manPage } from './man-page.ts';

/** Day of the last change of the manual that its readers notice. */
const DATE = 'November 23, 2026';

/** The text of docs/waymark.1: the manual page of the program. */
export const manual = async (): Promise<string> => manPage(await describeCommands(application), DATE);
