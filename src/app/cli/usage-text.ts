import {
  ArgumentScannerError,
  formatMessageForArgumentScannerError,
  text_en,
  type ApplicationText,
} from '@stricli/core';

const fault = (message: string): string => `error[usage] ${message}`;
const quoted = (words: readonly string[]): string => words.map((w) => `'${w.replaceAll('`', '')}'`).join(' or ');
const meant = (corrections: readonly string[]): string =>
  corrections.length === 0 ? '' : `; did you mean ${quoted(corrections)}?`;

/** What a person reads when a command line is wrong, in the form of the other diagnostics. */
const wrongWords = (error: ArgumentScannerError): string =>
  formatMessageForArgumentScannerError(error, {
    FlagNotFoundError: (e) => `there is no flag --${e.input}${meant(e.corrections.map((c) => `--${c}`))}`,
    AliasNotFoundError: (e) => `there is no flag -${e.input}`,
    ArgumentParseError: (e) =>
      `--${e.externalFlagNameOrPlaceholder}: ${e.exception instanceof Error ? e.exception.message : String(e.exception)}`,
    UnsatisfiedFlagError: (e) => `--${e.externalFlagName} needs a value`,
    UnexpectedPositionalError: (e) => `'${e.input}' is one word too many`,
    UnsatisfiedPositionalError: (e) => `${e.placeholder} is missing`,
    UnexpectedFlagError: (e) => `--${e.externalFlagName} stands here twice: '${e.previousInput}' and '${e.input}'`,
  });

/** A fault of the program itself: the one place where a stack trace is printed. */
const bug = (error: unknown): string =>
  `error: this is a fault of waymark itself; please report it with the command and its input\n${
    error instanceof Error ? (error.stack ?? error.message) : String(error)
  }`;

/** The sentences of the command line library. */
export const usageText: ApplicationText = {
  ...text_en,
  briefs: { ...text_en.briefs, argumentEscapeSequence: 'What follows is taken as it is, not as flags' },
  noCommandRegisteredForInput: ({ input, corrections }) => fault(`there is no command '${input}'${meant(corrections)}`),
  exceptionWhileParsingArguments: (error) =>
    error instanceof ArgumentScannerError ? fault(wrongWords(error)) : bug(error),
  exceptionWhileLoadingCommandFunction: bug,
  exceptionWhileLoadingCommandContext: bug,
  exceptionWhileRunningCommand: bug,
};
