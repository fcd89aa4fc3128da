/** Finds the texts of the files that an `include` in the text `source` names; the name may have wildcards. */
export type KeepalivedInclude = (
  pattern: string,
  source: string,
) => readonly { readonly text: string; readonly source: string }[];
